# Caught in the function, or by every caller; tables without constraints cannot fail.
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
    session.commit()


@app.post("/users")
def create_user(email: str) -> None:
    with Session(engine) as session:
        try:
            save(session, email)
        except IntegrityError as error:
            raise HTTPException(409) from error


@app.post("/notes")
def create_note(text: str) -> None:
    with Session(engine) as session:
        session.add(Note(text=text))
        session.commit()


@app.patch("/users/{user_id}/name")
def rename(user_id: int, name: str) -> None:
    with Session(engine) as session:
        user = session.get(User, user_id)
        user.name = name
        session.add(user)
        session.commit()


@app.patch("/users/{user_id}/email")
def change_email(user_id: int, email: str) -> None:
    with Session(engine) as session:
        user = session.get(User, user_id)
        user.email = email
        session.add(user)
        session.commit()  # expect: RW610
