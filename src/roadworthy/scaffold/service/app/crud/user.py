"""Statements on accounts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.accounts import Account
from app.crud.page import Slice, cut
from app.models.user import User
from app.schemas.user import UserFilters


async def get(session: AsyncSession, user_id: int) -> User | None:
    """Return the account with this number."""
    return await session.get(User, user_id)


async def get_by_email(session: AsyncSession, email: str) -> User | None:
    """Return the account with this address."""
    statement = select(User).where(User.email == email)
    return (await session.execute(statement)).scalar_one_or_none()


async def get_account(session: AsyncSession, user_id: int) -> Account | None:
    """Return what the token check needs of an account."""
    statement = select(
        User.id, User.token_version, User.is_active, User.is_admin
    ).where(User.id == user_id)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Account(*row)


async def select_page(session: AsyncSession, filters: UserFilters) -> Slice[User]:
    """Return a page of accounts."""
    statement = select(User).where(User.id > filters.after)
    if filters.email is not None:
        statement = statement.where(User.email == filters.email)
    if filters.is_active is not None:
        statement = statement.where(User.is_active == filters.is_active)
    statement = statement.order_by(User.id).limit(filters.limit + 1)
    rows = (await session.execute(statement)).scalars().all()
    return cut(rows, filters.limit)
