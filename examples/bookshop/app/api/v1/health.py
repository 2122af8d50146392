"""Is the service well?"""

import asyncio
import shutil

from app.db.session import engine
from fastapi import APIRouter
from sqlalchemy import text

router = APIRouter()


def _database_answers() -> bool:
    with engine.connect() as connection:
        return connection.execute(text("select 1")).scalar() == 1


@router.get("/health")
async def health() -> dict[str, bool]:
    # Slow work in a thread: the event loop goes on.
    database = await asyncio.to_thread(_database_answers)
    disk = await asyncio.to_thread(shutil.disk_usage, ".")
    return {"database": database, "disk": disk.free > 100_000_000}
