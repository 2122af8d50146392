"""Statements on items, made once: the database's driver knows them by heart."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.crud.page import Slice, cut
from app.models.item import Item
from app.schemas.item import ItemFilters

ONE: Final = select(Item).where(
    Item.id == bindparam("item_id"), Item.owner_id == bindparam("owner_id")
)
PAGE: Final = (
    select(Item)
    .where(Item.owner_id == bindparam("owner_id"), Item.id > bindparam("after"))
    .order_by(Item.id)
    .limit(bindparam("rows"))
)


async def get(session: AsyncSession, owner_id: int, item_id: int) -> Item | None:
    """Return the item if the owner has it."""
    values = {"owner_id": owner_id, "item_id": item_id}
    return (await session.execute(ONE, values)).scalar_one_or_none()


async def select_page(
    session: AsyncSession, owner_id: int, filters: ItemFilters
) -> Slice[Item]:
    """Return a page of the owner's items."""
    statement = PAGE
    if filters.title is not None:
        statement = statement.where(Item.title == filters.title)
    values = {"owner_id": owner_id, "after": filters.after, "rows": filters.limit + 1}
    rows = (await session.execute(statement, values)).scalars().all()
    return cut(rows, filters.limit)
