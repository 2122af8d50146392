"""Ordering a book, from payment to invoice."""

import subprocess

from app.core.config import settings
from app.crud.repositories import Books, Orders
from app.models.tables import Book, Customer, Order
from app.services.payments import Payments


class OutOfStock(Exception):
    pass


class Ordering:
    def __init__(self, books: Books, orders: Orders, payments: Payments) -> None:
        self._books = books
        self._orders = orders
        self._payments = payments

    def place(self, customer: Customer, book_id: int, card: str) -> Order:
        book = self._available(book_id)
        payment = self._payments.charge(card, str(book.price))
        book.stock -= 1
        order = Order(customer_id=customer.id, book_id=book.id, payment=payment)
        return self._orders.add(order)

    async def print_invoice(self, order: Order) -> None:
        source = settings.invoice_folder / f"{order.id}.html"
        source.write_text(f"<h1>Invoice {order.id}</h1>", encoding="utf-8")
        subprocess.run(["weasyprint", source, source.with_suffix(".pdf")], check=True)

    def _available(self, book_id: int) -> Book:
        book = self._books.get(book_id)
        if book is None or book.stock < 1:
            raise OutOfStock(book_id)
        return book
