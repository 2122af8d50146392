"""Logging in, registering, and what is done by mail."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import RequestModel, ResponseModel, Text
from app.schemas.user import Email, Name, Password

#: Tokens carry scopes, of which each resource has two.
Token = Annotated[Text, Field(min_length=1, max_length=8192)]


class TokenPair(ResponseModel):
    """An access token and the refresh token that brings the next one."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int
    scope: str


class Registration(RequestModel):
    """A new account."""

    email: Email
    password: Password
    name: Name = ""


class RefreshRequest(RequestModel):
    """A refresh token, to be used up or given back."""

    refresh_token: Token


class EmailRequest(RequestModel):
    """An address to which a mail shall go."""

    email: Email


class EmailVerification(RequestModel):
    """The token from the mail."""

    token: Token


class PasswordReset(RequestModel):
    """The token from the mail, and the new password."""

    token: Token
    password: Password


class PasswordChange(RequestModel):
    """The password as it is and as it shall be."""

    current_password: Annotated[Text, Field(max_length=128)]
    new_password: Password
