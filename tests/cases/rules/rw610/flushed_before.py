# A commit after a flush that is caught has nothing left that a constraint may refuse
from fastapi import FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Share(Base):
    __tablename__ = "shares"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


@app.post("/shares")
async def create(name: str) -> None:
    async with AsyncSession(engine) as session:
        session.add(Share(name=name))
        try:
            await session.flush()
        except IntegrityError as error:
            raise HTTPException(409) from error
        await session.commit()


@app.post("/other")
async def other(name: str) -> None:
    async with AsyncSession(engine) as session:
        session.add(Share(name=name))
        await session.flush()  # expect: RW610
        await session.commit()
