# SQLModel rows, keys of UUIDs and slugs, nested paths; and checks by helpers and joins
# file: app/__init__.py
# file: app/models.py
import uuid

from sqlmodel import Field, SQLModel


class User(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    is_superuser: bool = False


class Item(SQLModel, table=True):
    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key="user.id")
    title: str


class Page(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    title: str
# file: app/deps.py
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session, create_engine

from app.models import Item, User

engine = create_engine("postgresql://db/shop")
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


def get_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_db)]


def get_current_user(session: SessionDep, token: Annotated[str, Depends(oauth2)]) -> User:
    user = session.get(User, token)
    if not user:
        raise HTTPException(status_code=404)
    return user


CurrentUser = Annotated[User, Depends(get_current_user)]


def ensure_owner(item: Item, user: User) -> None:
    if item.owner_id != user.id and not user.is_superuser:
        raise HTTPException(status_code=403)
# file: app/main.py
import uuid
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException
from sqlmodel import select

from app.deps import CurrentUser, SessionDep, ensure_owner
from app.models import Item, Page

router = APIRouter(prefix="/items")


@router.get("/{id}")
def read_item(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> Any:
    item = session.get(Item, id)
    if not item:
        raise HTTPException(status_code=404)
    if not current_user.is_superuser and item.owner_id != current_user.id:
        raise HTTPException(status_code=400)
    return item


@router.put("/{id}")  # expect: RW617
def update_item(*, session: SessionDep, current_user: CurrentUser, id: uuid.UUID, title: str) -> Any:
    item = session.get(Item, id)
    if not item:
        raise HTTPException(status_code=404)
    item.title = title
    session.add(item)
    session.commit()
    return item


@router.delete("/{id}")  # expect: RW617
def delete_item(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> None:
    item = session.exec(select(Item).where(Item.id == id)).first()
    session.delete(item)
    session.commit()


@router.get("/{id}/checked")
def checked_item(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> Any:
    item = session.get_one(Item, id)
    ensure_owner(item, current_user)
    return item


@router.get("/pages/{page_id}")
def read_page(session: SessionDep, current_user: CurrentUser, page_id: int) -> Any:
    return session.get(Page, page_id)


app = FastAPI()
app.include_router(router)
