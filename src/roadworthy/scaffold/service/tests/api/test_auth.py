"""Credentials: every way in, and that nothing is told to those who have none."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.api.deps import get_db, get_outbox
from app.core.mail import Mail
from app.core.mail_queue import Outbox
from app.core.resources import Resources
from app.core.security import TokenType
from app.db.session import Database
from app.db.types import utc_now
from app.models import RefreshToken, User
from tests.factories import PASSWORD, make_user

AUTH = "/api/v1/auth"
ME = "/api/v1/users/me"
NEW_PASSWORD = "another horse battery"
NEWCOMER = {"email": "New.Comer@Example.com", "password": PASSWORD, "name": "New"}


async def log_in(
    client: httpx.AsyncClient, email: str, password: str = PASSWORD, scope: str = ""
) -> httpx.Response:
    form = {"username": email, "password": password, "scope": scope}
    return await client.post(f"{AUTH}/login", data=form)


async def tokens_of(client: httpx.AsyncClient, user: User) -> dict[str, str]:
    response = await log_in(client, user.email)
    assert response.status_code == 200
    tokens: dict[str, str] = response.json()
    return tokens


async def refresh(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post(f"{AUTH}/refresh", json={"refresh_token": token})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_in(mail: Mail) -> str:
    found = re.search(r"#token=(\S+)", mail.text)
    assert found is not None
    return found[1]


async def test_registration_by_mail_leads_to_a_login(
    client: httpx.AsyncClient, mails: list[Mail]
) -> None:
    response = await client.post(f"{AUTH}/register", json=NEWCOMER)
    assert response.status_code == 202
    assert mails[0].to == "new.comer@example.com"
    assert (await log_in(client, NEWCOMER["email"])).status_code == 403
    token = token_in(mails[0])
    verified = await client.post(f"{AUTH}/verify-email", json={"token": token})
    assert verified.status_code == 200
    response = await log_in(client, NEWCOMER["email"])
    assert response.status_code == 200
    me = await client.get(ME, headers=bearer(response.json()["access_token"]))
    assert me.json()["email"] == "new.comer@example.com"
    assert me.json()["is_verified"] is True


async def test_verifying_twice_is_no_error(
    client: httpx.AsyncClient, mails: list[Mail]
) -> None:
    await client.post(f"{AUTH}/register", json=NEWCOMER)
    body = {"token": token_in(mails[0])}
    assert (await client.post(f"{AUTH}/verify-email", json=body)).status_code == 200
    assert (await client.post(f"{AUTH}/verify-email", json=body)).status_code == 200


async def test_registering_a_known_address_answers_alike(
    client: httpx.AsyncClient, user: User, mails: list[Mail]
) -> None:
    unknown = await client.post(f"{AUTH}/register", json=NEWCOMER)
    known = await client.post(f"{AUTH}/register", json=NEWCOMER | {"email": user.email})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert mails[1].to == user.email
    assert "has an account already" in mails[1].text
    assert (await log_in(client, user.email)).status_code == 200


async def test_registering_again_before_verifying_sends_the_link_again(
    client: httpx.AsyncClient, mails: list[Mail]
) -> None:
    await client.post(f"{AUTH}/register", json=NEWCOMER)
    await client.post(f"{AUTH}/register", json=NEWCOMER)
    body = {"token": token_in(mails[1])}
    assert (await client.post(f"{AUTH}/verify-email", json=body)).status_code == 200


async def test_registering_at_once_makes_one_account(
    concurrent_client: httpx.AsyncClient, mails: list[Mail], session: AsyncSession
) -> None:
    answers = await asyncio.gather(
        *(concurrent_client.post(f"{AUTH}/register", json=NEWCOMER) for _ in range(4))
    )
    assert {(answer.status_code, answer.text) for answer in answers} == {
        (202, answers[0].text)
    }
    statement = select(User).where(User.email == "new.comer@example.com")
    assert len((await session.execute(statement)).all()) == 1
    assert len(mails) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"email": "no address"},
        {"email": "a@example.com\r\nBcc: b@example.com"},
        {"password": "short"},
        {"is_admin": True},
    ],
)
async def test_bad_registrations_are_refused(
    client: httpx.AsyncClient, change: dict[str, object]
) -> None:
    response = await client.post(f"{AUTH}/register", json=NEWCOMER | change)
    assert response.status_code == 422
    assert PASSWORD not in response.text


@pytest.mark.parametrize("path", ["verify-email/request", "password-reset/request"])
async def test_mails_on_demand_answer_alike(
    path: str,
    client: httpx.AsyncClient,
    session: AsyncSession,
    resources: Resources,
    mails: list[Mail],
) -> None:
    known = await make_user(session, resources.passwords, is_verified=False)
    answers = [
        await client.post(f"{AUTH}/{path}", json={"email": email})
        for email in (known.email, "nobody@example.com")
    ]
    assert answers[0].status_code == answers[1].status_code == 202
    assert answers[0].text == answers[1].text
    assert [mail.to for mail in mails] == [known.email]


async def test_verified_addresses_get_no_second_link(
    client: httpx.AsyncClient, user: User, mails: list[Mail]
) -> None:
    await client.post(f"{AUTH}/verify-email/request", json={"email": user.email})
    assert mails == []


async def test_login_fails_alike_whatever_is_wrong(
    client: httpx.AsyncClient,
    user: User,
    session: AsyncSession,
    resources: Resources,
) -> None:
    closed = await make_user(session, resources.passwords, is_active=False)
    answers = [
        await log_in(client, user.email, "wrong"),
        await log_in(client, "nobody@example.com"),
        await log_in(client, "no\x00address"),
        await log_in(client, closed.email),
    ]
    bodies = [answer.json() | {"request_id": ""} for answer in answers]
    assert all(answer.status_code == 401 for answer in answers)
    assert all(body == bodies[0] for body in bodies)


async def test_login_does_the_same_work_for_nobody(
    client: httpx.AsyncClient,
    user: User,
    resources: Resources,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashed: list[str] = []
    real = resources.passwords._hash.verify_and_update

    def spy(password: str, stored: str) -> tuple[bool, str | None]:
        hashed.append(stored)
        return real(password, stored)

    monkeypatch.setattr(resources.passwords._hash, "verify_and_update", spy)
    await log_in(client, user.email, "wrong")
    await log_in(client, "nobody@example.com", "wrong")
    known, nobody = (stored.split("$")[:4] for stored in hashed)
    assert known == nobody


async def test_login_grants_only_the_scopes_asked_for(
    client: httpx.AsyncClient, user: User
) -> None:
    response = await log_in(client, user.email, scope="items:read users:read")
    assert response.json()["scope"] == "items:read"
    headers = bearer(response.json()["access_token"])
    assert (await client.get("/api/v1/items", headers=headers)).status_code == 200
    refused = await client.post("/api/v1/items", headers=headers, json={"title": "a"})
    assert refused.status_code == 403
    assert 'scope="items:write"' in refused.headers["www-authenticate"]


async def test_login_renews_an_outdated_hash(
    client: httpx.AsyncClient, user: User, session: AsyncSession, resources: Resources
) -> None:
    hasher = Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1)
    user.password_hash = before = hasher.hash(PASSWORD)
    await session.commit()
    assert (await log_in(client, user.email)).status_code == 200
    await session.refresh(user)
    assert user.password_hash != before
    assert (await log_in(client, user.email)).status_code == 200


async def test_refresh_rotates(client: httpx.AsyncClient, user: User) -> None:
    first = await tokens_of(client, user)
    second = (await refresh(client, first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    third = await refresh(client, second["refresh_token"])
    assert third.status_code == 200
    me = await client.get(ME, headers=bearer(third.json()["access_token"]))
    assert me.status_code == 200


async def test_a_refresh_token_used_twice_ends_its_family(
    client: httpx.AsyncClient, user: User
) -> None:
    stolen = await tokens_of(client, user)
    other_login = await tokens_of(client, user)
    newer = (await refresh(client, stolen["refresh_token"])).json()
    assert (await refresh(client, stolen["refresh_token"])).status_code == 401
    assert (await refresh(client, newer["refresh_token"])).status_code == 401
    assert (await refresh(client, other_login["refresh_token"])).status_code == 200


async def test_a_refresh_token_used_at_once_wins_once_at_most(
    client: httpx.AsyncClient,
    concurrent_client: httpx.AsyncClient,
    user: User,
) -> None:
    stolen = (await tokens_of(client, user))["refresh_token"]
    answers = await asyncio.gather(
        *(refresh(concurrent_client, stolen) for _ in range(5))
    )
    winners = [answer for answer in answers if answer.status_code == 200]
    assert len(winners) == 1
    assert {answer.status_code for answer in answers} == {200, 401}
    newer = winners[0].json()["refresh_token"]
    assert (await refresh(client, newer)).status_code == 401


async def test_logout_ends_the_family(client: httpx.AsyncClient, user: User) -> None:
    tokens = await tokens_of(client, user)
    newer = (await refresh(client, tokens["refresh_token"])).json()
    body = {"refresh_token": newer["refresh_token"]}
    assert (await client.post(f"{AUTH}/logout", json=body)).status_code == 204
    assert (await refresh(client, newer["refresh_token"])).status_code == 401


async def test_logout_with_a_bad_token_is_no_error(client: httpx.AsyncClient) -> None:
    response = await client.post(f"{AUTH}/logout", json={"refresh_token": "x"})
    assert response.status_code == 204


async def test_expired_refresh_tokens_are_refused_and_removed(
    client: httpx.AsyncClient, user: User, session: AsyncSession
) -> None:
    tokens = await tokens_of(client, user)
    past = utc_now() - timedelta(seconds=1)
    await session.execute(update(RefreshToken).values(expires_at=past))
    await session.commit()
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401
    await tokens_of(client, user)
    assert len((await session.execute(select(RefreshToken.id))).all()) == 1


async def test_a_closed_account_cannot_refresh(
    client: httpx.AsyncClient, user: User, session: AsyncSession
) -> None:
    tokens = await tokens_of(client, user)
    user.is_active = False
    await session.commit()
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401
    headers = bearer(tokens["access_token"])
    assert (await client.get(ME, headers=headers)).status_code == 401


async def test_no_token_stands_in_for_another(
    client: httpx.AsyncClient, user: User, resources: Resources
) -> None:
    tokens = await tokens_of(client, user)
    headers = bearer(tokens["refresh_token"])
    assert (await client.get(ME, headers=headers)).status_code == 401
    assert (await refresh(client, tokens["access_token"])).status_code == 401
    verification = resources.tokens.issue(TokenType.VERIFY_EMAIL, user.id, 0)
    body = {"token": verification, "password": NEW_PASSWORD}
    response = await client.post(f"{AUTH}/password-reset", json=body)
    assert response.status_code == 401


async def test_password_reset_works_once_and_ends_every_session(
    client: httpx.AsyncClient, user: User, mails: list[Mail]
) -> None:
    tokens = await tokens_of(client, user)
    await client.post(f"{AUTH}/password-reset/request", json={"email": user.email})
    body = {"token": token_in(mails[0]), "password": NEW_PASSWORD}
    reset = f"{AUTH}/password-reset"
    assert (await client.post(reset, json=body)).status_code == 200
    assert (await client.post(reset, json=body)).status_code == 401
    assert (await log_in(client, user.email)).status_code == 401
    assert (await log_in(client, user.email, NEW_PASSWORD)).status_code == 200
    headers = bearer(tokens["access_token"])
    assert (await client.get(ME, headers=headers)).status_code == 401
    assert (await refresh(client, tokens["refresh_token"])).status_code == 401


async def test_changing_the_password_needs_the_current_one(
    client: httpx.AsyncClient, user: User
) -> None:
    tokens = await tokens_of(client, user)
    headers = bearer(tokens["access_token"])
    url = f"{AUTH}/password"
    body = {"current_password": "wrong", "new_password": NEW_PASSWORD}
    assert (await client.post(url, json=body, headers=headers)).status_code == 403
    body["current_password"] = PASSWORD
    assert (await client.post(url, json=body, headers=headers)).status_code == 204
    assert (await client.get(ME, headers=headers)).status_code == 401
    assert (await log_in(client, user.email, NEW_PASSWORD)).status_code == 200


@pytest.fixture
async def concurrent_client(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> AsyncIterator[httpx.AsyncClient]:
    """Return the client on sessions that are the service's own."""
    app.dependency_overrides.pop(get_db)
    yield client


async def test_mails_hold_no_connection(
    app: FastAPI, client: httpx.AsyncClient, database: Database
) -> None:
    events: list[str] = []

    async def get_watched_db() -> AsyncIterator[AsyncSession]:
        async with database.session() as session:
            yield session
        events.append("session closed")

    async def get_watched_outbox() -> Outbox:
        async def send(_: Mail) -> None:
            events.append("mail sent")

        return send

    app.dependency_overrides[get_db] = get_watched_db
    app.dependency_overrides[get_outbox] = get_watched_outbox
    answer = await client.post(f"{AUTH}/register", json=NEWCOMER)
    assert answer.status_code == 202
    assert events == ["session closed", "mail sent"]
