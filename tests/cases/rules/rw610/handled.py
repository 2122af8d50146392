# The application's own handler, in another module, answers for every route
# file: app/__init__.py
# file: app/errors.py
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError


async def conflict(request: Request, error: IntegrityError) -> JSONResponse:
    return JSONResponse({"detail": "taken"}, status_code=409)


def register(app: FastAPI) -> None:
    app.add_exception_handler(IntegrityError, conflict)
# file: app/main.py
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app import errors

engine = create_async_engine("postgresql+asyncpg://db/shop")


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)


def create_app() -> FastAPI:
    made = FastAPI()
    errors.register(made)
    return made


app = create_app()


@app.post("/users")
async def create_user(email: str) -> None:
    async with AsyncSession(engine) as session:
        session.add(User(email=email))
        await session.commit()
