# A handler of the application for the errors of the database.
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
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


@app.exception_handler(IntegrityError)
async def conflict(request: Request, error: IntegrityError) -> JSONResponse:
    return JSONResponse({"detail": "It exists"}, status_code=409)


@app.post("/users")
def create_user(email: str) -> None:
    with Session(engine) as session:
        session.add(User(email=email))
        session.commit()
