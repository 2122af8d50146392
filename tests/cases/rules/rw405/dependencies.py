# Lower layers that import from routers and their dependencies, at the top and in functions
# file: app/__init__.py
# file: app/api/__init__.py
# file: app/api/deps.py
from app.db import session


def get_db() -> int:
    return session.make()


def current_user() -> str:
    return "ann"
# file: app/api/users.py
from fastapi import APIRouter, Depends

from app.api.deps import get_db
from app.crud import users as crud
from app.schemas.users import UserOut

router = APIRouter(prefix="/users")
PAGE = 10


@router.get("")
async def read(db: int = Depends(get_db)) -> list[UserOut]:
    return crud.all_users(db)
# file: app/crud/__init__.py
# file: app/crud/users.py
from app.api.deps import current_user  # expect: RW405
from app.schemas.users import UserOut


def all_users(db: int) -> list[UserOut]:
    return [UserOut(name=current_user())]
# file: app/schemas/__init__.py
# file: app/schemas/users.py
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from app.api.users import router


class UserOut(BaseModel):
    name: str
# file: app/models/__init__.py
# file: app/models/user.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)

    def page(self) -> int:
        from app.api.users import PAGE  # expect: RW405

        return PAGE
# file: app/db/__init__.py
# file: app/db/session.py
from app.models.user import User


def make() -> int:
    return User().page()
# file: app/services/__init__.py
# file: app/main.py
from fastapi import FastAPI

from app.api import users

app = FastAPI()
app.include_router(users.router)
