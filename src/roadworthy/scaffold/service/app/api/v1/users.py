"""Accounts."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Security

from app.api.deps import get_user_reader, get_user_service
from app.api.responses import problems
from app.crud.page import Slice
from app.db.reader import ReadRow
from app.models.user import User
from app.schemas.base import Id, Page
from app.schemas.user import ProfileUpdate, UserFilters, UserRead, UserUpdate
from app.services.user import UserReader, UserService

router = APIRouter(prefix="/users", tags=["users"], responses=problems(401, 403, 404))

UserId = Annotated[Id, Path()]
Self = Annotated[UserReader, Security(get_user_reader, scopes=["profile"])]
SelfWriter = Annotated[UserService, Security(get_user_service, scopes=["profile"])]
Reader = Annotated[UserReader, Security(get_user_reader, scopes=["users:read"])]
Writer = Annotated[UserService, Security(get_user_service, scopes=["users:write"])]


@router.get("/me", response_model=UserRead)
async def read_me(users: Self) -> ReadRow:
    """Read your own account."""
    return await users.me()


@router.patch("/me", response_model=UserRead)
async def update_me(data: ProfileUpdate, users: SelfWriter) -> User:
    """Change your own account."""
    return await users.update_me(data)


@router.get("", response_model=Page[UserRead])
async def list_users(filters: Annotated[UserFilters, Query()], users: Reader) -> Slice:
    """List accounts (administrators)."""
    return await users.list_page(filters)


@router.get("/{user_id}", response_model=UserRead)
async def read_user(user_id: UserId, users: Reader) -> ReadRow:
    """Read an account (administrators)."""
    return await users.get(user_id)


@router.patch("/{user_id}", response_model=UserRead, responses=problems(409))
async def update_user(user_id: UserId, data: UserUpdate, users: Writer) -> User:
    """Change or close an account (administrators)."""
    return await users.update(user_id, data)
