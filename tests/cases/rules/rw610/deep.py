# The finding stands on the commit or flush, however deep below the route.
from fastapi import FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, create_engine

engine = create_engine("postgresql://db/shop")
app = FastAPI()


class User(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str = ""


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


def save(session: Session, email: str) -> None:
    session.add(User(email=email))
    session.flush()  # expect: RW610


@app.post("/users")
def create_user(email: str) -> None:
    with Session(engine) as session:
        save(session, email)


@app.post("/others")
def create_other(email: str) -> None:
    with Session(engine) as session:
        try:
            save(session, email)
        except IntegrityError as error:
            raise HTTPException(409) from error
