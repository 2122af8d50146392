"""From a synchronous SQLAlchemy or SQLModel service to an asynchronous one."""

from roadworthy.fixes.async_db.plan import migrate

__all__ = ["migrate"]
