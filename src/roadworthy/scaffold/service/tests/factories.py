"""Rows for tests: each with values of its own, unless a test says otherwise."""

from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.security import Passwords
from app.models.item import Item
from app.models.user import User

PASSWORD = "correct horse battery"
numbers = count(1)


async def make_user(
    session: AsyncSession,
    passwords: Passwords,
    *,
    email: str | None = None,
    password: str = PASSWORD,
    is_active: bool = True,
    is_verified: bool = True,
    is_admin: bool = False,
) -> User:
    """Store an account."""
    user = User(
        email=email or f"user{next(numbers)}@example.com",
        name="Somebody",
        password_hash=await passwords.hash(password),
        is_active=is_active,
        is_verified=is_verified,
        is_admin=is_admin,
    )
    session.add(user)
    await session.commit()
    return user


async def make_item(
    session: AsyncSession,
    owner: User,
    *,
    title: str | None = None,
    description: str | None = None,
) -> Item:
    """Store an item."""
    item = Item(
        owner_id=owner.id,
        title=title or f"Item {next(numbers)}",
        description=description,
    )
    session.add(item)
    await session.commit()
    return item
