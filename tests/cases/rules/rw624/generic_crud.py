# SQLModel and generic CRUD: constructors, model_validate, sqlmodel_update, statements
# file: app/__init__.py
# file: app/models.py
from sqlmodel import Field, SQLModel


class AccountBase(SQLModel):
    name: str
    balance: int = 0


class Account(AccountBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
    owner_id: int = 0


class AccountCreate(AccountBase):
    pass


class AccountNew(SQLModel):
    name: str


class AccountUpdate(SQLModel):
    name: str | None = None
    owner_id: int | None = None
# file: app/crud.py
from typing import Any, Generic, TypeVar

from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from sqlmodel import Session, SQLModel

M = TypeVar("M", bound=SQLModel)
C = TypeVar("C", bound=BaseModel)


class CRUDBase(Generic[M, C]):
    def __init__(self, model: type[M]) -> None:
        self.model = model

    def create(self, db: Session, *, obj_in: C) -> M:
        data = jsonable_encoder(obj_in)
        row = self.model(**data)  # expect: RW624
        db.add(row)
        db.commit()
        return row

    def update(self, db: Session, *, db_obj: M, obj_in: C | dict[str, Any]) -> M:
        data = obj_in if isinstance(obj_in, dict) else obj_in.model_dump(exclude_unset=True)
        db_obj.sqlmodel_update(data)  # expect: RW624
        db.add(db_obj)
        db.commit()
        return db_obj


def change(db: Session, row: SQLModel, obj_in: BaseModel | dict[str, Any]) -> None:
    known = jsonable_encoder(row)
    if isinstance(obj_in, dict):
        values = obj_in
    else:
        values = obj_in.model_dump(exclude_unset=True)
    for field in known:
        if field in values:
            setattr(row, field, values[field])  # expect: RW624
    db.commit()
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import insert, update
from sqlmodel import Session, create_engine

from app.crud import CRUDBase, change
from app.models import Account, AccountCreate, AccountNew, AccountUpdate

engine = create_engine("sqlite://")
app = FastAPI()
accounts = CRUDBase[Account, AccountCreate](Account)


def get_db():
    with Session(engine) as session:
        yield session


DB = Annotated[Session, Depends(get_db)]


@app.post("/a")
def a(data: AccountCreate, db: DB) -> Account:
    return accounts.create(db, obj_in=data)


@app.patch("/b/{key}")
def b(key: int, data: AccountUpdate, db: DB) -> Account:
    return accounts.update(db, db_obj=db.get_one(Account, key), obj_in=data)


@app.post("/c")
def c(data: AccountCreate, db: DB) -> None:
    db.add(Account.model_validate(data))  # expect: RW624
    db.commit()


@app.post("/d")
def d(data: AccountNew, db: DB) -> None:
    db.add(Account.model_validate(data, update={"owner_id": 1}))
    db.commit()


@app.post("/e")
def e(data: AccountCreate, db: DB) -> None:
    db.add(Account.model_validate(data, update={"owner_id": 1, "balance": 0}))
    db.commit()


@app.post("/f")
def f(data: AccountCreate, db: DB) -> None:
    db.execute(insert(Account).values(**data.model_dump()))  # expect: RW624
    db.commit()


@app.patch("/g/{key}")
def g(key: int, data: AccountUpdate, db: DB) -> None:
    values = data.model_dump(exclude_unset=True)
    values.pop("owner_id", None)
    db.execute(update(Account).where(Account.id == key).values(values))
    db.commit()


@app.patch("/h/{key}")
def h(key: int, data: AccountUpdate, db: DB) -> None:
    change(db, db.get_one(Account, key), data)


@app.patch("/i/{key}")
def i(key: int, data: AccountUpdate, db: DB) -> None:
    row = db.get_one(Account, key)
    values = data.model_dump(exclude_unset=True)
    for field in values:
        if field in ("name",):
            setattr(row, field, values[field])
    db.commit()
