"""Statements on items, made once: the database's driver knows them by heart."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crud.page import Slice, cut
from app.db.reader import Reader, ReadRow
from app.models.item import Item
from app.schemas.item import ItemFilters

TABLE: Final = Item.__table__
ONE: Final = select(TABLE).where(
    TABLE.c.id == bindparam("item_id"), TABLE.c.owner_id == bindparam("owner_id")
)
PAGE: Final = (
    select(TABLE)
    .where(TABLE.c.owner_id == bindparam("owner_id"), TABLE.c.id > bindparam("after"))
    .order_by(TABLE.c.id)
    .limit(bindparam("rows"))
)


async def read(reader: Reader, owner_id: int, item_id: int) -> ReadRow | None:
    """Return the item if the owner has it."""
    values = {"owner_id": owner_id, "item_id": item_id}
    return await reader.one_or_none(ONE, values)


async def get(session: AsyncSession, owner_id: int, item_id: int) -> Item | None:
    """Return the item, to change it, if the owner has it."""
    statement = select(Item).where(Item.id == item_id, Item.owner_id == owner_id)
    return (await session.execute(statement)).scalar_one_or_none()


async def select_page(reader: Reader, owner_id: int, filters: ItemFilters) -> Slice:
    """Return a page of the owner's items."""
    statement = PAGE
    if filters.title is not None:
        statement = statement.where(TABLE.c.title == filters.title)
    values = {"owner_id": owner_id, "after": filters.after, "rows": filters.limit + 1}
    return cut(await reader.all(statement, values), filters.limit)
