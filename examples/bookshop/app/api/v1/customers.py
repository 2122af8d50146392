"""Customers."""

from typing import Annotated

from app.api.deps import CurrentCustomer, get_customers
from app.core.security import hash_password
from app.crud.repositories import Customers
from app.models.tables import Customer
from app.schemas.shop import Credentials, CustomerOut
from fastapi import APIRouter, Depends, status

router = APIRouter()


@router.post("", response_model=CustomerOut, status_code=status.HTTP_201_CREATED)
async def register(
    credentials: Credentials, customers: Annotated[Customers, Depends(get_customers)]
) -> Customer:
    hashed = hash_password(credentials.password)
    return customers.add(Customer(email=credentials.email, password_hash=hashed))


@router.get("/me", response_model=CustomerOut)
async def read_me(customer: CurrentCustomer) -> Customer:
    return customer
