"""Who changed what."""

from app.models.tables import AuditEntry
from sqlalchemy.orm import Session, sessionmaker


class AuditLog:
    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    def record(self, method: str, path: str, status: int) -> None:
        with self._sessions() as session:
            session.add(AuditEntry(method=method, path=path, status=status))
            session.commit()
