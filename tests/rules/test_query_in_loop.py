"""RW316: each finding says which one statement replaces the queries of the loop."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.project.config import Settings

SERVICE = """
from asyncpg import Connection
from fastapi import FastAPI
from models import Item, engine
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

app = FastAPI()
connection = Connection()


async def create_item(session: AsyncSession, name: str) -> None:
    await session.execute(insert(Item).values(name=name))


async def find_item(session: AsyncSession, key: int) -> Item | None:
    return await session.get(Item, key)


@app.post("/items")
async def work(keys: list[int]) -> None:
    async with AsyncSession(engine) as session:
        for key in keys:
            {statement}
"""
MODELS = """
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://db/shop")


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
"""


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("await session.get(Item, key)", "One query before the loop"),
        (
            "query = select(Item).where(Item.id == key)\n"
            "            await session.scalars(query)",
            "One query before the loop",
        ),
        (
            "row = delete(Item).where(Item.id == key)\n"
            "            row = row.execution_options()\n"
            "            await session.execute(row)",
            "One statement for all rows, `delete(Model)",
        ),
        (
            "await session.execute(insert(Item).values(id=key))",
            "One statement for all rows, `insert(Model)",
        ),
        (
            "await session.execute(update(Item).where(Item.id == key).values(name='a'))",
            "One statement for all rows, `update(Model)",
        ),
        ("await create_item(session, str(key))", "Beside `create_item`, a function"),
        ("await find_item(session, key)", "Beside `find_item`, a function"),
        ("await connection.fetchrow('select 1', key)", "any($1)"),
    ],
)
def test_the_advice_fits_the_query(statement: str, advice: str, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(SERVICE.format(statement=statement))
    (tmp_path / "models.py").write_text(MODELS)

    settings = Settings(root=tmp_path, select=("RW316",), use_cache=False)
    findings = run(tmp_path, settings, None).findings

    assert len(findings) == 1
    assert advice in findings[0].instead
