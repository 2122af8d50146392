"""The cache of accounts: quick, bounded, and never wrong for long."""

import time

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import accounts
from app.core.accounts import Account, AccountCache
from app.core.security import Tokens, TokenType
from app.core.settings import Settings
from app.main import create_app
from app.models import User
from tests.conftest import BASE_URL, SettingsMaker

SOMEBODY = Account(1, 0, is_active=True, is_admin=False)


def test_an_account_is_remembered_for_its_version_alone() -> None:
    cache = AccountCache(60)
    cache.put(SOMEBODY)
    assert cache.get(1, 0) == SOMEBODY
    assert cache.get(1, 1) is None
    assert cache.get(2, 0) is None


def test_a_changed_account_is_forgotten() -> None:
    cache = AccountCache(60)
    cache.put(SOMEBODY)
    cache.forget(1)
    cache.forget(2)
    assert cache.get(1, 0) is None


def test_accounts_are_forgotten_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = AccountCache(5)
    cache.put(SOMEBODY)
    later = time.monotonic() + 6
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert cache.get(1, 0) is None


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "MOST_ACCOUNTS", 2)
    cache = AccountCache(60)
    for number in (1, 2, 3):
        cache.put(Account(number, 0, is_active=True, is_admin=False))
    assert [cache.get(number, 0) is None for number in (1, 2, 3)] == [
        True,
        False,
        False,
    ]


async def test_a_second_request_does_not_ask_for_the_account_again(
    make_settings: SettingsMaker, user: User, session: AsyncSession
) -> None:
    settings: Settings = make_settings(account_cache_seconds=60)
    app: FastAPI = create_app(settings)
    token = Tokens(settings).issue(
        TokenType.ACCESS, user.id, 0, scopes=frozenset({"items:read"})
    )
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=transport, base_url=BASE_URL, headers=headers
        ) as client,
    ):
        assert (await client.get("/api/v1/items")).status_code == 200
        user.is_active = False
        await session.commit()
        assert (await client.get("/api/v1/items")).status_code == 200
        app.state.resources.accounts.forget(user.id)
        assert (await client.get("/api/v1/items")).status_code == 401
