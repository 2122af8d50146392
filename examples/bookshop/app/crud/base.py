"""What all repositories share."""

from typing import Generic, TypeVar

from app.models.tables import Base
from sqlalchemy import select
from sqlalchemy.orm import Session

Row = TypeVar("Row", bound=Base)


class Repository(Generic[Row]):
    model: type[Row]

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, key: int) -> Row | None:
        return self.session.get(self.model, key)

    def list(self, limit: int) -> list[Row]:
        return list(self.session.scalars(select(self.model).limit(limit)))

    def add(self, row: Row) -> Row:
        self.session.add(row)
        self.session.commit()
        self.session.refresh(row)
        return row
