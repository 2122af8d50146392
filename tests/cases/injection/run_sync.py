# AsyncSession.run_sync runs its function in a greenlet on the async driver: not blocking.
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

engine = create_async_engine("sqlite+aiosqlite:///app.db")
app = FastAPI()


def load(session: Session) -> int:
    return session.execute(text("select 1")).scalar_one()


@app.get("/one")
async def one() -> int:
    async with AsyncSession(engine) as session:
        return await session.run_sync(load)
