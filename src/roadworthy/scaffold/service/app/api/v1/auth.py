"""Registering, logging in, staying logged in, and getting back in."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Security, status
from fastapi.security import OAuth2PasswordRequestForm

from app.api.deps import (
    CurrentUser,
    auth_limit,
    get_auth_service,
    get_current_user,
    get_outbox,
    mail_limit,
)
from app.api.responses import problems
from app.core.mail_queue import Outbox
from app.schemas.auth import (
    EmailRequest,
    EmailVerification,
    PasswordChange,
    PasswordReset,
    RefreshRequest,
    Registration,
    TokenPair,
)
from app.schemas.base import Message
from app.services.auth import AuthService

router = APIRouter(prefix="/auth", tags=["auth"], dependencies=[Depends(auth_limit)])

Auth = Annotated[AuthService, Depends(get_auth_service)]
Post = Annotated[Outbox, Depends(get_outbox)]
LoginForm = Annotated[OAuth2PasswordRequestForm, Depends()]
MAIL_SENT = Message(message="If this is possible, a mail is on its way.")


@router.post(
    "/register",
    response_model=Message,
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(mail_limit)],
)
async def register(
    data: Registration, auth: Auth, outbox: Post, background: BackgroundTasks
) -> Message:
    """Open an account. The answer does not tell whether the address has one."""
    background.add_task(outbox, await auth.register(data))
    return MAIL_SENT


@router.post("/login", response_model=TokenPair, responses=problems(401, 403))
async def login(form: LoginForm, auth: Auth) -> TokenPair:
    """Log in with address and password; `scope` may ask for fewer scopes."""
    return await auth.login(form.username, form.password, form.scopes)


@router.post("/refresh", response_model=TokenPair, responses=problems(401))
async def refresh(data: RefreshRequest, auth: Auth) -> TokenPair:
    """Change a refresh token for new tokens. It works once."""
    return await auth.refresh(data.refresh_token)


@router.post("/logout", status_code=status.HTTP_204_NO_CONTENT)
async def logout(data: RefreshRequest, auth: Auth) -> None:
    """Give a refresh token back, and all that came from the same login."""
    await auth.logout(data.refresh_token)


@router.post(
    "/verify-email/request",
    response_model=Message,
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(mail_limit)],
)
async def request_verification(
    data: EmailRequest, auth: Auth, outbox: Post, background: BackgroundTasks
) -> Message:
    """Ask for the verification mail once more."""
    mail = await auth.request_verification(data.email)
    if mail is not None:
        background.add_task(outbox, mail)
    return MAIL_SENT


@router.post("/verify-email", response_model=Message, responses=problems(401))
async def verify_email(data: EmailVerification, auth: Auth) -> Message:
    """Show with the mailed token that the address is yours."""
    await auth.verify_email(data.token)
    return Message(message="The address is verified.")


@router.post(
    "/password-reset/request",
    response_model=Message,
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(mail_limit)],
)
async def request_password_reset(
    data: EmailRequest, auth: Auth, outbox: Post, background: BackgroundTasks
) -> Message:
    """Ask for a mail with which to set a new password."""
    mail = await auth.request_reset(data.email)
    if mail is not None:
        background.add_task(outbox, mail)
    return MAIL_SENT


@router.post("/password-reset", response_model=Message, responses=problems(401))
async def reset_password(data: PasswordReset, auth: Auth) -> Message:
    """Set a new password with the mailed token."""
    await auth.reset_password(data.token, data.password)
    return Message(message="The password is changed. Log in again.")


@router.post(
    "/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(401, 403),
)
async def change_password(
    data: PasswordChange,
    caller: Annotated[CurrentUser, Security(get_current_user, scopes=["profile"])],
    auth: Auth,
) -> None:
    """Change your password. Every session ends."""
    await auth.change_password(caller.id, data.current_password, data.new_password)
