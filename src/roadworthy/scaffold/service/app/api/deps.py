"""Dependencies: the session, who calls, and the services made from both."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

import httpx
from fastapi import Depends, Request, Security
from fastapi.security import OAuth2PasswordBearer, SecurityScopes
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.core.mail_queue import Outbox
from app.core.rate_limit import RateLimit
from app.core.resources import Resources
from app.core.scopes import SCOPES, permitted
from app.core.security import InvalidTokenError
from app.crud import user as users
from app.db.reader import Reader
from app.db.session import Database
from app.services.auth import AuthService
from app.services.health import HealthService
from app.services.rates import RateService
from app.services.user import UserReader, UserService

bearer = OAuth2PasswordBearer(
    tokenUrl="/api/v1/auth/login",
    refreshUrl="/api/v1/auth/refresh",
    scopes=SCOPES,
    auto_error=False,
)
api_limit = RateLimit("api")
auth_limit = RateLimit("auth")
mail_limit = RateLimit("mail")


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Who calls, and what the token allows."""

    id: int
    scopes: frozenset[str]


async def get_resources(request: Request) -> Resources:
    """Return what the running application holds."""
    resources: Resources = request.app.state.resources
    return resources


Shared = Annotated[Resources, Depends(get_resources)]


async def get_db(request: Request) -> AsyncIterator[AsyncSession]:
    """Open a session for this request."""
    database: Database = request.app.state.resources.database
    async with database.session() as session:
        yield session


# Closed when the handler has returned: tasks after the response hold no connection.
# Ask for the caller first: who is refused needs no session.
Db = Annotated[AsyncSession, Depends(get_db, scope="function")]


async def get_reader(request: Request) -> Reader:
    """Return what runs statements that only read, in place of a session."""
    return Reader(request.app.state.resources.database)


Reads = Annotated[Reader, Depends(get_reader)]


async def get_current_user(
    security_scopes: SecurityScopes,
    request: Request,
    reader: Reads,
    token: Annotated[str | None, Depends(bearer)],
) -> CurrentUser:
    """Return the caller, who needs every scope that the route asks for."""
    resources: Resources = request.app.state.resources
    challenge = "Bearer"
    if security_scopes.scopes:
        challenge = f'Bearer scope="{security_scopes.scope_str}"'
    if token is None:
        raise UnauthorizedError("Log in first.", challenge)
    try:
        claims = resources.tokens.read_access(token)
    except InvalidTokenError as error:
        raise UnauthorizedError("The token is not valid.", challenge) from error
    account = resources.accounts.get(claims.user_id, claims.version)
    if account is None:
        account = await users.get_account(reader, claims.user_id)
        if account is not None:
            resources.accounts.put(account)
    if (
        account is None
        or not account.is_active
        or account.token_version != claims.version
    ):
        raise UnauthorizedError("The token is not valid.", challenge)
    scopes = claims.scopes & permitted(account.is_admin)
    if not scopes.issuperset(security_scopes.scopes):
        raise ForbiddenError("The token does not allow this.", challenge)
    return CurrentUser(account.user_id, scopes)


Caller = Annotated[CurrentUser, Security(get_current_user)]


async def get_auth_service(session: Db, resources: Shared) -> AuthService:
    """Return the service for credentials."""
    return AuthService(session, resources)


async def get_user_reader(caller: Caller, reader: Reads) -> UserReader:
    """Return the service for accounts, to look at."""
    return UserReader(reader, caller.id)


async def get_user_service(
    caller: Caller, session: Db, resources: Shared
) -> UserService:
    """Return the service for accounts, to change."""
    return UserService(session, resources.accounts, caller.id)


async def get_outbox(resources: Shared) -> Outbox:
    """Return what to hand mails to, in the background."""
    return resources.outbox


async def get_client(resources: Shared) -> httpx.AsyncClient:
    """Return the client that the whole service shares."""
    return resources.client


async def get_rate_service(
    resources: Shared, client: Annotated[httpx.AsyncClient, Depends(get_client)]
) -> RateService:
    """Return the service for exchange rates."""
    if resources.settings.rates_url is None:
        raise NotFoundError("service")
    return RateService(client, resources.settings.rates_url)


async def get_health_service(reader: Reads, resources: Shared) -> HealthService:
    """Return the service that looks after the others."""
    return HealthService(reader, resources.redis)
