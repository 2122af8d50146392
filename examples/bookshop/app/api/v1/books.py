"""Books."""

from typing import Annotated

from app.api.deps import get_books
from app.crud.repositories import Books
from app.models.tables import Book
from app.schemas.shop import BookOut
from fastapi import APIRouter, Depends, HTTPException, Query

router = APIRouter()


@router.get("", response_model=list[BookOut])
def list_books(
    books: Annotated[Books, Depends(get_books)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[Book]:
    # A `def` route: it runs in the thread pool and blocks no one.
    return books.list(limit)


@router.get("/{book_id}", response_model=BookOut)
async def read_book(book_id: int, books=Depends(get_books)):
    book = books.get(book_id)
    if book is None:
        raise HTTPException(404)
    return book
