"""Registering, logging in, staying logged in, and getting back in."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import ForbiddenError, UnauthorizedError
from app.core.mail import Mail
from app.core.resources import Resources
from app.core.scopes import permitted
from app.core.security import Claims, InvalidTokenError, TokenType
from app.crud import refresh_token as tokens_crud
from app.crud import user as crud
from app.db.types import utc_now
from app.models.refresh_token import RefreshToken
from app.models.user import User
from app.schemas.auth import Registration, TokenPair
from app.schemas.user import EMAIL, fold
from app.services import letters

ADDRESS: Final = re.compile(EMAIL)
log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AuthService:
    """Everything about credentials. Mails are returned, for the caller to send."""

    session: AsyncSession
    resources: Resources

    async def register(self, data: Registration) -> Mail:
        """Store a new account, and return the mail that goes to its address.

        An address that has an account gets another mail, and the same work is done.
        """
        user = User(
            email=data.email,
            name=data.name,
            password_hash=await self.resources.passwords.hash(data.password),
        )
        self.session.add(user)
        try:
            await self.session.commit()
        except IntegrityError:
            await self.session.rollback()
            known = await crud.get_by_email(self.session, data.email)
            if known is not None and not known.is_verified:
                return self.verification(known)
            return letters.already_registered(self.resources.settings, data.email)
        return self.verification(user)

    def verification(self, user: User) -> Mail:
        """Return the mail that lets a user show that the address is theirs."""
        token = self.resources.tokens.issue(
            TokenType.VERIFY_EMAIL, user.id, user.token_version
        )
        return letters.verify_address(self.resources.settings, user.email, token)

    async def request_verification(self, email: str) -> Mail | None:
        """Return the mail once more, if there is an account that waits for it."""
        user = await crud.get_by_email(self.session, email)
        if user is None or user.is_verified or not user.is_active:
            return None
        return self.verification(user)

    async def verify_email(self, token: str) -> None:
        """Mark the address as verified; raise `UnauthorizedError` for a bad token."""
        user = await self.user_of(TokenType.VERIFY_EMAIL, token)
        if not user.is_verified:
            user.is_verified = True
            await self.session.commit()

    async def request_reset(self, email: str) -> Mail | None:
        """Return the mail with which a user sets a new password, if there is one."""
        user = await crud.get_by_email(self.session, email)
        # Nobody gets a token too, for the time that it takes.
        token = self.resources.tokens.issue(
            TokenType.RESET_PASSWORD,
            0 if user is None else user.id,
            0 if user is None else user.token_version,
        )
        if user is None or not user.is_active:
            return None
        return letters.reset_password(self.resources.settings, user.email, token)

    async def reset_password(self, token: str, password: str) -> None:
        """Set a new password and end every session; raise `UnauthorizedError`.

        Whoever has the token has the mail, so the address is verified as well.
        """
        user = await self.user_of(TokenType.RESET_PASSWORD, token)
        user.is_verified = True
        await self.set_password(user, password)

    async def change_password(self, user_id: int, current: str, new: str) -> None:
        """Set a new password and end every session; raise `ForbiddenError`."""
        user = await crud.get(self.session, user_id)
        stored = None if user is None else user.password_hash
        fits, _ = await self.resources.passwords.verify(current, stored)
        if user is None or not fits:
            raise ForbiddenError("The current password is not right.")
        await self.set_password(user, new)

    async def set_password(self, user: User, password: str) -> None:
        """Store a password; every token issued before becomes worthless."""
        user.password_hash = await self.resources.passwords.hash(password)
        user.token_version += 1
        await tokens_crud.revoke_user(self.session, user.id, utc_now())
        await self.session.commit()
        self.resources.accounts.forget(user.id)

    async def login(self, email: str, password: str, asked: list[str]) -> TokenPair:
        """Return tokens for the credentials.

        Raises `UnauthorizedError` alike for an unknown address, a wrong password and a
        closed account, and `ForbiddenError` for an address that is not verified yet.
        """
        known = ADDRESS.fullmatch(email) is not None
        user = await crud.get_by_email(self.session, fold(email)) if known else None
        stored = None if user is None else user.password_hash
        fits, newer = await self.resources.passwords.verify(password, stored)
        if user is None or not fits or not user.is_active:
            raise UnauthorizedError("The address or the password is not right.")
        if not user.is_verified:
            raise ForbiddenError("The address has not been verified yet.")
        if newer is not None:
            user.password_hash = newer
        scopes = permitted(user.is_admin)
        if asked:
            scopes &= frozenset(asked)
        await tokens_crud.delete_expired(self.session, user.id, utc_now())
        return await self.issue(user, scopes, uuid4())

    async def refresh(self, token: str) -> TokenPair:
        """Use a refresh token up and return new tokens.

        A token that has been used before is a stolen one, or its owner comes after the
        thief: the whole family is revoked. Raises `UnauthorizedError`.
        """
        claims = self.read(TokenType.REFRESH, token)
        now = utc_now()
        if not await tokens_crud.use(self.session, claims.token_id, now):
            await self.revoke(claims.family_id)
            log.warning("refresh_token_reused", user_id=claims.user_id)
            raise UnauthorizedError("The token is not valid.")
        user = await crud.get(self.session, claims.user_id)
        if user is None or not user.is_active or user.token_version != claims.version:
            await self.revoke(claims.family_id)
            raise UnauthorizedError("The token is not valid.")
        scopes = claims.scopes & permitted(user.is_admin)
        return await self.issue(user, scopes, claims.family_id)

    async def logout(self, token: str) -> None:
        """Revoke the family of a refresh token. A bad token has nothing to revoke."""
        try:
            claims = self.resources.tokens.read(TokenType.REFRESH, token)
        except InvalidTokenError:
            return
        await self.revoke(claims.family_id)

    async def revoke(self, family_id: UUID) -> None:
        """Make every token that came from one login worthless."""
        await tokens_crud.revoke_family(self.session, family_id, utc_now())
        await self.session.commit()

    async def issue(
        self, user: User, scopes: frozenset[str], family_id: UUID
    ) -> TokenPair:
        """Store a refresh token and return it with an access token."""
        tokens = self.resources.tokens
        token_id = uuid4()
        lifetime = tokens.lifetime(TokenType.REFRESH)
        self.session.add(
            RefreshToken(
                token_id=token_id,
                family_id=family_id,
                user_id=user.id,
                expires_at=utc_now() + lifetime,
            )
        )
        await self.session.commit()
        return TokenPair(
            access_token=tokens.issue(
                TokenType.ACCESS,
                user.id,
                user.token_version,
                scopes=scopes,
                family_id=family_id,
            ),
            refresh_token=tokens.issue(
                TokenType.REFRESH,
                user.id,
                user.token_version,
                scopes=scopes,
                family_id=family_id,
                token_id=token_id,
            ),
            expires_in=int(tokens.lifetime(TokenType.ACCESS).total_seconds()),
            scope=" ".join(sorted(scopes)),
        )

    def read(self, kind: TokenType, token: str) -> Claims:
        """Return the claims of a token; raise `UnauthorizedError` for a bad one."""
        try:
            return self.resources.tokens.read(kind, token)
        except InvalidTokenError as error:
            raise UnauthorizedError("The token is not valid.") from error

    async def user_of(self, kind: TokenType, token: str) -> User:
        """Return the account that a mailed token is for; raise `UnauthorizedError`.

        A token is good until the password changes, so it resets a password only once.
        """
        claims = self.read(kind, token)
        user = await crud.get(self.session, claims.user_id)
        if user is None or not user.is_active or user.token_version != claims.version:
            raise UnauthorizedError("The token is not valid.")
        return user
