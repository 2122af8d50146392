"""Items."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Row


class Item(Row):
    """An item that a user owns."""

    __tablename__ = "items"
    __table_args__ = (
        Index(None, "owner_id", "id"),
        UniqueConstraint("owner_id", "title"),
    )

    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(Text)
