"""Statements on refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.models.refresh_token import RefreshToken


async def use(session: AsyncSession, token_id: UUID, now: datetime) -> bool:
    """Mark a token as used; return whether it was still good.

    Of two requests at once exactly one gets True: the statement itself decides.
    """
    statement = (
        update(RefreshToken)
        .where(
            RefreshToken.token_id == token_id,
            RefreshToken.used_at.is_(None),
            RefreshToken.revoked_at.is_(None),
            RefreshToken.expires_at > now,
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    result = await session.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101
    return result.rowcount == 1


async def revoke_family(session: AsyncSession, family_id: UUID, now: datetime) -> None:
    """Make every token that came from one login worthless."""
    await session.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


async def revoke_user(session: AsyncSession, user_id: int, now: datetime) -> None:
    """Make every token of an account worthless."""
    await session.execute(
        update(RefreshToken)
        .where(RefreshToken.user_id == user_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


async def delete_expired(session: AsyncSession, user_id: int, now: datetime) -> None:
    """Remove an account's tokens that have expired anyway."""
    await session.execute(
        delete(RefreshToken)
        .where(RefreshToken.user_id == user_id, RefreshToken.expires_at < now)
        .execution_options(synchronize_session=False)
    )
