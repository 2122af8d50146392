# Whole schemas written by generic repositories, updates and constructors
# file: app/__init__.py
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    role: Mapped[str] = mapped_column(default="member")
    is_superuser: Mapped[bool] = mapped_column(default=False)
# file: app/schemas.py
from pydantic import BaseModel, EmailStr


class UserBase(BaseModel):
    email: str


class UserCreate(UserBase):
    password: str
    is_superuser: bool = False


class UserUpdate(UserBase):
    email: str | None = None
    role: str | None = None


class UserUpdateMe(BaseModel):
    email: str | None = None


class UserAdmin(UserBase):
    role: str = "member"
# file: app/repository.py
from typing import Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Base, User

M = TypeVar("M", bound=Base)


class Repository(Generic[M]):
    def __init__(self, model: type[M], session: AsyncSession) -> None:
        self.model = model
        self.session = session

    async def create(self, data: BaseModel) -> M:
        row = self.model(**data.model_dump())
        self.session.add(row)
        await self.session.commit()
        return row


async def update(session: AsyncSession, user: User, data: BaseModel) -> User:
    for key, value in data.model_dump(exclude_unset=True).items():
        setattr(user, key, value)  # expect: RW624
    await session.commit()
    return user
# file: app/main.py
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.models import User
from app.repository import update
from app.schemas import UserAdmin, UserCreate, UserUpdate, UserUpdateMe

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
scheme = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI()


async def get_session():
    async with Session() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_session)]


async def current_user(token: Annotated[str, Depends(scheme)], db: DB) -> User:
    claims = jwt.decode(token, "k", algorithms=["HS256"])
    return await db.get_one(User, int(claims["sub"]))


async def require_admin(user: Annotated[User, Depends(current_user)]) -> User:
    if not user.is_superuser:
        raise HTTPException(403)
    return user


Me = Annotated[User, Depends(current_user)]


@app.post("/register")
async def register(data: UserCreate, db: DB) -> int:
    values = data.model_dump(exclude={"password"})
    user = User(**values)  # expect: RW624
    db.add(user)
    await db.commit()
    return user.id


@app.post("/join")
async def join(data: UserCreate, db: DB) -> int:
    user = User(**data.model_dump(exclude={"password", "is_superuser"}))
    db.add(user)
    await db.commit()
    return user.id


@app.patch("/me")
async def change_me(data: UserUpdate, me: Me, db: DB) -> int:
    return (await update(db, me, data)).id


@app.patch("/me/mail")
async def change_mail(data: UserUpdateMe, me: Me, db: DB) -> int:
    for key, value in data:
        setattr(me, key, value)
    await db.commit()
    return me.id


@app.patch("/users/{key}", dependencies=[Depends(require_admin)])
async def change(key: int, data: UserAdmin, db: DB) -> int:
    user = await db.get_one(User, key)
    for name, value in data.model_dump().items():
        setattr(user, name, value)
    await db.commit()
    return user.id
