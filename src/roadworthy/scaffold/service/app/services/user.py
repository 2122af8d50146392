"""What can be done with accounts."""

from dataclasses import dataclass
from http import HTTPStatus

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.accounts import AccountCache
from app.core.errors import NotFoundError, ProblemError
from app.crud import refresh_token as tokens_crud
from app.crud import user as crud
from app.crud.page import Slice
from app.db.reader import Reader, ReadRow
from app.db.types import utc_now
from app.models.user import User
from app.schemas.user import ProfileUpdate, UserFilters, UserUpdate


@dataclass(frozen=True, slots=True)
class UserReader:
    """Accounts, to look at."""

    reader: Reader
    caller_id: int

    async def list_page(self, filters: UserFilters) -> Slice:
        """Return a page of accounts."""
        return await crud.select_page(self.reader, filters)

    async def get(self, user_id: int) -> ReadRow:
        """Return an account; raise `NotFoundError`."""
        user = await crud.read(self.reader, user_id)
        if user is None:
            raise NotFoundError("user")
        return user

    async def me(self) -> ReadRow:
        """Return the caller's own account; raise `NotFoundError` if it is gone."""
        return await self.get(self.caller_id)


@dataclass(frozen=True, slots=True)
class UserService:
    """Accounts, to change."""

    session: AsyncSession
    accounts: AccountCache
    caller_id: int

    async def get(self, user_id: int) -> User:
        """Return an account; raise `NotFoundError`."""
        user = await crud.get(self.session, user_id)
        if user is None:
            raise NotFoundError("user")
        return user

    async def update_me(self, data: ProfileUpdate) -> User:
        """Change the caller's own account; raise `NotFoundError` if it is gone."""
        user = await self.get(self.caller_id)
        for name, value in data.model_dump(exclude_unset=True).items():
            setattr(user, name, value)
        await self.session.commit()
        return user

    async def update(self, user_id: int, data: UserUpdate) -> User:
        """Change an account. Closing it ends its sessions; nobody closes their own."""
        user = await self.get(user_id)
        changes = data.model_dump(exclude_unset=True)
        closing = changes.get("is_active") is False
        if closing and user.id == self.caller_id:
            raise ProblemError(
                HTTPStatus.CONFLICT, "You cannot close your own account."
            )
        for name, value in changes.items():
            setattr(user, name, value)
        if closing:
            user.token_version += 1
            await tokens_crud.revoke_user(self.session, user.id, utc_now())
        await self.session.commit()
        self.accounts.forget(user.id)
        return user
