"""What every table has in common."""

from datetime import datetime
from typing import Final

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.types import BigId, UtcDateTime, utc_now

#: Names that migrations can rely on, whatever the database would choose.
NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base of every model."""

    metadata = MetaData(naming_convention=NAMING)


class Row(Base):
    """A model with a number and the moments of its creation and last change."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-1)
    created_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=utc_now, sort_order=90
    )
    updated_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=utc_now, onupdate=utc_now, sort_order=91
    )
