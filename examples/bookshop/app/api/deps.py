"""What routes are given."""

from collections.abc import Iterator
from typing import Annotated

from app.core.security import verify_password
from app.crud.repositories import Books, Customers, Orders
from app.db.session import SessionLocal
from app.models.tables import Customer
from app.services.ordering import Ordering
from app.services.payments import Payments
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from sqlalchemy.orm import Session

basic = HTTPBasic()
payments = Payments()


def get_session() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


def get_customers(session: Session = Depends(get_session)) -> Customers:
    return Customers(session)


def get_books(session: Session = Depends(get_session)) -> Books:
    return Books(session)


def get_ordering(session: Session = Depends(get_session)) -> Ordering:
    return Ordering(Books(session), Orders(session), payments)


async def get_current_customer(
    credentials: Annotated[HTTPBasicCredentials, Depends(basic)],
    customers=Depends(get_customers),
) -> Customer:
    customer = customers.by_email(credentials.username)
    if customer is None or not verify_password(
        credentials.password, customer.password_hash
    ):
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    return customer


CurrentCustomer = Annotated[Customer, Depends(get_current_customer)]
