"""Refresh tokens: which were issued, and which have been used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Row
from app.db.types import UtcDateTime


class RefreshToken(Row):
    """One refresh token. Those that came from one login are a family."""

    __tablename__ = "refresh_tokens"

    token_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    family_id: Mapped[UUID] = mapped_column(Uuid, index=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
