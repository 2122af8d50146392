# Class-based views of fastapi-utils: dependencies as class attributes, methods as handlers.
from collections.abc import Iterator

from fastapi import APIRouter, Depends, FastAPI
from fastapi_utils.cbv import cbv
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

engine = create_engine("sqlite:///app.db")
router = APIRouter()


def get_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@cbv(router)
class Items:
    db: Session = Depends(get_db)

    @router.get("/items")
    async def list_items(self) -> list[int]:
        return self.ids()  # expect: RW302

    @router.get("/items/in-pool")
    def list_in_pool(self) -> list[int]:
        return self.ids()

    def ids(self) -> list[int]:
        return list(self.db.scalars(text("select 1")))


app = FastAPI()
app.include_router(router)
