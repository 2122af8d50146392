# A helper that asks the database only under a flag asks nothing where the flag is off
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with Session() as session:
        yield session


class Rows:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def add(self, row: object, *, flush: bool = False) -> None:
        self.session.add(row)
        if flush:
            await self.session.flush()

    async def renew(self, row: object, flush: bool = True) -> None:
        if flush:
            await self.session.refresh(row)


@app.post("/rows")
async def rows(ids: list[int], db: Annotated[AsyncSession, Depends(get_db)]) -> None:
    table = Rows(db)
    for each in ids:
        await table.add(each)
    for each in ids:
        await table.add(each, flush=True)  # expect: RW316
    for each in ids:
        await table.renew(each)  # expect: RW316
