# A password compared with a stored one in clear.
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel, create_engine, select

engine = create_engine("postgresql://db/shop")
app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str
    password: str


class Login(BaseModel):
    name: str
    password: str
    password_again: str


@app.post("/login")
def login(data: Login) -> None:
    if data.password != data.password_again:
        raise HTTPException(422)
    with Session(engine) as session:
        user = session.exec(select(User).where(User.name == data.name)).one()
    if user.password != data.password:  # expect: RW608
        raise HTTPException(401)
