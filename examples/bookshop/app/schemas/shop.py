"""What the API takes and gives."""

from decimal import Decimal

from pydantic import BaseModel, ConfigDict


class BookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    price: Decimal


class Credentials(BaseModel):
    email: str
    password: str


class CustomerOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str


class OrderIn(BaseModel):
    book_id: int
    card: str


class OrderOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    book_id: int
    payment: str
