# Class-based views of fastapi-restful, with an injected repository.
import time

from fastapi import APIRouter, Depends, FastAPI
from fastapi_restful.cbv import cbv

router = APIRouter(prefix="/books")


class Books:
    def find(self, isbn: str) -> str:
        time.sleep(0.1)
        return isbn

    def label(self, isbn: str) -> str:
        return f"ISBN {isbn}"


def get_books() -> Books:
    time.sleep(0.1)
    return Books()


@cbv(router)
class BookViews:
    books: Books = Depends(get_books)

    @router.get("/{isbn}")
    async def read(self, isbn: str) -> str:
        return self.books.find(isbn)  # expect: RW303

    @router.get("/{isbn}/label")
    async def label(self, isbn: str) -> str:
        return self.books.label(isbn)


app = FastAPI()
app.include_router(router)
