"""Statements on accounts."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.accounts import Account
from app.crud.page import Slice, cut
from app.db.reader import Reader, ReadRow
from app.models.user import User
from app.schemas.user import UserFilters

TABLE: Final = User.__table__.c
ACCOUNT: Final = select(
    TABLE.id, TABLE.token_version, TABLE.is_active, TABLE.is_admin
).where(TABLE.id == bindparam("user_id"))
#: What may be shown: the hash of the password is not even read.
SHOWN: Final = select(
    TABLE.id,
    TABLE.email,
    TABLE.name,
    TABLE.is_active,
    TABLE.is_verified,
    TABLE.is_admin,
    TABLE.created_at,
    TABLE.updated_at,
)
ONE: Final = SHOWN.where(TABLE.id == bindparam("user_id"))
PAGE: Final = (
    SHOWN.where(TABLE.id > bindparam("after"))
    .order_by(TABLE.id)
    .limit(bindparam("rows"))
)


async def get(session: AsyncSession, user_id: int) -> User | None:
    """Return the account with this number, to change it."""
    return await session.get(User, user_id)


async def get_by_email(session: AsyncSession, email: str) -> User | None:
    """Return the account with this address."""
    statement = select(User).where(User.email == email)
    return (await session.execute(statement)).scalar_one_or_none()


async def get_account(reader: Reader, user_id: int) -> Account | None:
    """Return what the token check needs of an account."""
    row = await reader.one_or_none(ACCOUNT, {"user_id": user_id})
    if row is None:
        return None
    return Account(
        user_id=row["id"],
        token_version=row["token_version"],
        is_active=row["is_active"],
        is_admin=row["is_admin"],
    )


async def read(reader: Reader, user_id: int) -> ReadRow | None:
    """Return what may be shown of the account with this number."""
    return await reader.one_or_none(ONE, {"user_id": user_id})


async def select_page(reader: Reader, filters: UserFilters) -> Slice:
    """Return a page of accounts."""
    statement = PAGE
    if filters.email is not None:
        statement = statement.where(TABLE.email == filters.email)
    if filters.is_active is not None:
        statement = statement.where(TABLE.is_active == filters.is_active)
    values = {"after": filters.after, "rows": filters.limit + 1}
    return cut(await reader.all(statement, values), filters.limit)
