# Turns for a few written-down keys of a mapping ask a few times at most
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

app = FastAPI()
engine = create_async_engine("postgresql+asyncpg://localhost/shop")
QUERY = text("insert into versions values (:key)")


@app.patch("/cases")
async def change(fields: dict[str, str], given: list[str]) -> None:
    async with AsyncSession(engine) as db:
        for key, value in fields.items():
            if key in {"summary", "description"} and value:
                await db.execute(QUERY, {"key": key})
        for key in fields.keys():
            if key != "id":
                await db.execute(QUERY, {"key": key})  # expect: RW316
        for key in given:
            if key in {"summary"}:
                await db.execute(QUERY, {"key": key})  # expect: RW316
