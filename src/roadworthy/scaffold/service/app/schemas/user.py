"""What accounts look like from outside."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.schemas.base import (
    Flag,
    PageParams,
    RequestModel,
    RowRead,
    Text,
    unset,
)

#: Exactly what the OpenAPI document says: no second opinion rejects what fits it. The
#: characters leave no room for a second header in a mail.
EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}$"


def fold(email: str) -> str:
    """Return the address as it is stored and looked up."""
    return email.lower()


Email = Annotated[str, Field(pattern=EMAIL, max_length=254), AfterValidator(fold)]
Name = Annotated[Text, Field(max_length=100)]
Password = Annotated[Text, Field(min_length=10, max_length=128)]


class UserRead(RowRead):
    """An account as its owner and administrators see it."""

    email: str
    name: str
    is_active: bool
    is_verified: bool
    is_admin: bool


class ProfileUpdate(RequestModel):
    """What people change in their own account."""

    name: Name = Field(default_factory=unset)


class UserUpdate(RequestModel):
    """What administrators change in an account."""

    name: Name = Field(default_factory=unset)
    is_active: Flag = Field(default_factory=unset)


class UserFilters(PageParams):
    """Which accounts."""

    email: Email | None = None
    is_active: bool | None = None
