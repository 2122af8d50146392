# Whole schemas written to rows, in handlers, generic repositories, services and statements
# file: app/__init__.py
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="member")
    is_verified: Mapped[bool] = mapped_column(default=False)


class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    owner_id: Mapped[int]
# file: app/schemas.py
from pydantic import BaseModel


class UserIn(BaseModel):
    name: str
    role: str = "member"


class UserPatch(BaseModel):
    name: str | None = None
    is_verified: bool | None = None


class Profile(BaseModel):
    name: str


class TaskIn(BaseModel):
    title: str
    owner_id: int


class TaskTitle(BaseModel):
    title: str
# file: app/repository.py
from typing import Any, Generic, TypeVar

from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Base, Task, User
from app.schemas import Profile, TaskIn, TaskTitle, UserIn, UserPatch

ModelT = TypeVar("ModelT", bound=Base)
CreateT = TypeVar("CreateT", bound=BaseModel)
UpdateT = TypeVar("UpdateT", bound=BaseModel)


class Repository(Generic[ModelT, CreateT, UpdateT]):
    def __init__(self, model: type[ModelT]) -> None:
        self.model = model

    async def create(self, session: AsyncSession, obj_in: CreateT) -> ModelT:
        row = self.model(**obj_in.model_dump())  # expect: RW624
        session.add(row)
        await session.commit()
        return row

    async def patch(self, session: AsyncSession, row: ModelT, obj_in: UpdateT) -> ModelT:
        data = obj_in.model_dump(exclude_unset=True)
        for field, value in data.items():
            setattr(row, field, value)  # expect: RW624
        await session.commit()
        return row


users: Repository[User, UserIn, UserPatch] = Repository(User)
tasks: Repository[Task, TaskTitle, TaskTitle] = Repository(Task)


async def create_encoded(session: AsyncSession, data: UserIn) -> User:
    encoded = jsonable_encoder(data)
    user = User(**encoded)  # expect: RW624
    session.add(user)
    return user


async def insert_user(session: AsyncSession, data: UserIn) -> None:
    await session.execute(insert(User).values(**data.model_dump()))  # expect: RW624


async def update_user(session: AsyncSession, key: int, data: UserPatch) -> None:
    query = update(User).where(User.id == key).values(data.model_dump(exclude_unset=True))  # expect: RW624
    await session.execute(query)


async def insert_own_task(session: AsyncSession, data: TaskIn, owner_id: int) -> None:
    values: dict[str, Any] = data.model_dump()
    values["owner_id"] = owner_id
    await session.execute(insert(Task).values(**values))


async def insert_profile(session: AsyncSession, data: Profile) -> None:
    await session.execute(insert(User).values(**data.model_dump()))
# file: app/main.py
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import repository
from app.models import Task, User
from app.schemas import Profile, TaskIn, TaskTitle, UserIn, UserPatch

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]


async def current_user(db: Db, token: str = Depends(oauth2)) -> User:
    user = await db.get(User, int(token))
    if user is None:
        raise HTTPException(401)
    return user


async def administrator(user: Annotated[User, Depends(current_user)]) -> User:
    if user.role != "admin":
        raise HTTPException(403)
    return user


Me = Annotated[User, Depends(current_user)]
router = APIRouter()


@router.post("/users")
async def create_user(data: UserIn, db: Db) -> str:
    return (await repository.users.create(db, data)).name


@router.patch("/me")
async def patch_me(data: UserPatch, db: Db, me: Me) -> str:
    return (await repository.users.patch(db, me, data)).name


@router.post("/encoded")
async def encoded(data: UserIn, db: Db) -> str:
    return (await repository.create_encoded(db, data)).name


@router.post("/inserted")
async def inserted(data: UserIn, db: Db) -> None:
    await repository.insert_user(db, data)


@router.put("/inserted/{key}")
async def updated(key: int, data: UserPatch, db: Db) -> None:
    await repository.update_user(db, key, data)


@router.post("/tasks")
async def create_task(data: TaskIn, db: Db, me: Me) -> None:
    db.add(Task(**data.model_dump()))  # expect: RW624


@router.post("/dict")
async def create_by_dict(data: TaskIn, db: Db) -> None:
    db.add(Task(**data.dict()))  # expect: RW624


@router.put("/tasks/{key}")
async def replace_task(key: int, data: TaskIn, db: Db) -> None:
    task = await db.get_one(Task, key)
    for field, value in data:
        setattr(task, field, value)  # expect: RW624


@router.post("/own-tasks")
async def create_own_task(data: TaskIn, db: Db, me: Me) -> None:
    db.add(Task(**data.model_dump(exclude={"owner_id"}), owner_id=me.id))
    db.add(Task(**{**data.model_dump(), "owner_id": me.id}))
    await repository.insert_own_task(db, data, me.id)


@router.post("/titles")
async def create_title(data: TaskTitle, db: Db, me: Me) -> str:
    return (await repository.tasks.create(db, data)).title


@router.post("/profile")
async def create_profile(data: Profile, db: Db) -> None:
    await repository.insert_profile(db, data)
    db.add(User(**data.model_dump()))


@router.post("/managed-users", dependencies=[Depends(administrator)])
async def create_managed(data: UserIn, db: Db) -> None:
    db.add(User(**data.model_dump()))


app = FastAPI()
app.include_router(router)
