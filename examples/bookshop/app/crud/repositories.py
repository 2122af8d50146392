"""One repository a table."""

from app.crud.base import Repository
from app.models.tables import Book, Customer, Order
from sqlalchemy import select


class Books(Repository[Book]):
    model = Book


class Orders(Repository[Order]):
    model = Order


class Customers(Repository[Customer]):
    model = Customer

    def by_email(self, email: str) -> Customer | None:
        statement = select(Customer).where(Customer.email == email)
        return self.session.scalars(statement).first()
