# More writes of whole schemas: SQLModel, nested, documents, updates by key, several layers
# file: app/__init__.py
# file: app/models.py
from sqlmodel import Field, SQLModel


class UserBase(SQLModel):
    name: str
    is_admin: bool = False


class User(UserBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    hashed_password: str = ""


class UserCreate(UserBase):
    password: str


class UserUpdate(SQLModel):
    name: str | None = None
    is_admin: bool | None = None


class UserPublic(UserBase):
    id: int


class NameOnly(SQLModel):
    name: str
# file: app/crud.py
from typing import Any

from sqlmodel import Session, select

from app.models import NameOnly, User, UserCreate, UserUpdate


def create_user(*, session: Session, user_create: UserCreate) -> User:
    db_obj = User.model_validate(user_create, update={"hashed_password": "x"})  # expect: RW624
    session.add(db_obj)
    session.commit()
    return db_obj


def create_by_admin(*, session: Session, user_create: UserCreate) -> User:
    db_obj = User.model_validate(user_create, update={"hashed_password": "x"})
    session.add(db_obj)
    session.commit()
    return db_obj


def update_user(*, session: Session, db_user: User, user_in: UserUpdate) -> User:
    user_data = user_in.model_dump(exclude_unset=True)
    extra: dict[str, Any] = {}
    db_user.sqlmodel_update(user_data, update=extra)  # expect: RW624
    session.add(db_user)
    session.commit()
    return db_user


def update_name(*, session: Session, db_user: User, user_in: NameOnly) -> User:
    db_user.sqlmodel_update(user_in.model_dump(exclude_unset=True))
    session.add(db_user)
    return db_user


def patch(session: Session, key: int, data: UserUpdate) -> None:
    row = session.get(User, key)
    for name, value in data.model_dump(exclude_unset=True).items():
        if name == "is_admin":
            continue
        setattr(row, name, value)


def patch_all(session: Session, key: int, data: UserUpdate) -> None:
    row = session.exec(select(User).where(User.id == key)).one()
    for name in data.model_fields_set:
        setattr(row, name, getattr(data, name))  # expect: RW624
# file: app/main.py
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session, create_engine

from app import crud
from app.models import NameOnly, User, UserCreate, UserPublic, UserUpdate

engine = create_engine("postgresql://db/shop")
oauth2 = OAuth2PasswordBearer(tokenUrl="token")


def get_session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def current_user(session: SessionDep, token: Annotated[str, Depends(oauth2)]) -> User:
    user = session.get(User, int(token))
    if user is None:
        raise HTTPException(401)
    return user


def get_admin(user: Annotated[User, Depends(current_user)]) -> User:
    if not user.is_admin:
        raise HTTPException(403)
    return user


Me = Annotated[User, Depends(current_user)]
app = FastAPI()


@app.post("/signup", response_model=UserPublic)
def sign_up(data: UserCreate, session: SessionDep) -> Any:
    return crud.create_user(session=session, user_create=data)


@app.post("/users", dependencies=[Depends(get_admin)], response_model=UserPublic)
def create(data: UserCreate, session: SessionDep) -> Any:
    return crud.create_by_admin(session=session, user_create=data)


@app.patch("/me", response_model=UserPublic)
def patch_me(data: UserUpdate, session: SessionDep, me: Me) -> Any:
    return crud.update_user(session=session, db_user=me, user_in=data)


@app.patch("/me/name", response_model=UserPublic)
def patch_name(data: NameOnly, session: SessionDep, me: Me) -> Any:
    return crud.update_name(session=session, db_user=me, user_in=data)


@app.patch("/users/{key}")
def patch_user(key: int, data: UserUpdate, session: SessionDep, me: Me) -> None:
    crud.patch(session, key, data)


@app.put("/users/{key}")
def put_user(key: int, data: UserUpdate, session: SessionDep, me: Me) -> None:
    crud.patch_all(session, key, data)
