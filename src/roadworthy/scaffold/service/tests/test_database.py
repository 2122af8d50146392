"""What every database has to do alike."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
from sqlalchemy import bindparam, literal, select, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.errors import DatabaseUnavailableError
from app.core.scopes import permitted
from app.core.security import Tokens, TokenType
from app.core.settings import Settings
from app.db.reader import Reader
from app.db.session import Database, engine_options, is_unavailable
from app.main import create_app
from app.models import Item, User
from tests.conftest import BASE_URL, SettingsMaker
from tests.factories import PASSWORD


async def test_moments_keep_their_instant(session: AsyncSession, user: User) -> None:
    moment = datetime(2026, 3, 29, 2, 30, 15, 123456, timezone(timedelta(hours=5)))
    item = Item(owner_id=user.id, title="a", created_at=moment)
    session.add(item)
    await session.commit()
    await session.refresh(item)
    assert item.created_at == moment
    assert item.created_at.tzinfo is UTC


async def test_moments_without_a_zone_are_refused(
    session: AsyncSession, user: User
) -> None:
    session.add(Item(owner_id=user.id, title="a", created_at=datetime(2026, 1, 1)))
    with pytest.raises(StatementError, match="time zone"):
        await session.commit()
    await session.rollback()


async def test_text_of_any_language_is_kept(session: AsyncSession, user: User) -> None:
    text = "Żółw 🐢 \u2028 'quoted' \\ back"
    item = Item(owner_id=user.id, title=text)
    session.add(item)
    await session.commit()
    await session.refresh(item)
    assert item.title == text


@pytest.mark.parametrize(
    ("url", "argument"),
    [
        ("postgresql+asyncpg://h/d", "command_timeout"),
        ("mysql+aiomysql://h/d", "connect_timeout"),
        ("sqlite+aiosqlite:///d", "timeout"),
    ],
)
def test_every_driver_has_time_limits(
    url: str, argument: str, settings: Settings
) -> None:
    options = engine_options(make_url(url), settings)
    assert options["connect_args"][argument] > 0
    assert options["pool_timeout"] > 0


async def test_readers_see_what_has_been_committed(
    database: Database, session: AsyncSession, user: User
) -> None:
    reader = Reader(database)
    statement = select(User.email).where(User.id == bindparam("user_id"))
    found = await reader.one_or_none(statement, {"user_id": user.id})
    assert found is not None
    assert found["email"] == user.email
    rows = await reader.all(statement, {"user_id": user.id})
    assert rows == [{"email": user.email}]
    assert await reader.one_or_none(statement, {"user_id": user.id + 1000}) is None


async def test_a_reader_that_is_cancelled_leaves_its_connection_to_others(
    make_settings: SettingsMaker,
) -> None:
    database = Database.connect(
        make_settings(database_pool_size=1, database_connect_seconds=5)
    )
    reader = Reader(database)
    statement = select(literal(1).label("one"))
    for steps in range(12):
        task = asyncio.create_task(reader.all(statement, {}))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await reader.all(statement, {}) == [{"one": 1}]
    await database.close()


async def test_reading_does_not_wait_for_those_who_write(
    make_settings: SettingsMaker, user: User
) -> None:
    database = Database.connect(
        make_settings(database_pool_size=1, database_connect_seconds=5)
    )
    statement = select(User.email).where(User.id == bindparam("user_id"))
    async with database.session() as session:
        await session.execute(update(User).values(name="Not committed"))
        found = await Reader(database).one_or_none(statement, {"user_id": user.id})
    assert found == {"email": user.email}
    await database.close()


async def test_sessions_take_turns_and_do_not_wait_for_ever(
    make_settings: SettingsMaker,
) -> None:
    settings = make_settings(
        database_pool_size=1, database_pool_overflow=0, database_connect_seconds=0.05
    )
    database = Database.connect(settings)
    order: list[int] = []

    async def take(number: int) -> None:
        async with database.session():
            order.append(number)

    async with database.session():
        with pytest.raises(DatabaseUnavailableError):
            await take(0)
        waiting = [asyncio.create_task(take(number)) for number in (1, 2, 3)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert order == [1, 2, 3]
    await database.close()


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/items", {"title": "a"}, 201),
        ("PATCH", "/users/me", {"name": "Else"}, 200),
        (
            "POST",
            "/auth/password",
            {"current_password": PASSWORD, "new_password": "another password"},
            204,
        ),
    ],
)
async def test_one_connection_is_enough_for_a_request(
    method: str,
    path: str,
    body: dict[str, str],
    status: int,
    make_settings: SettingsMaker,
    user: User,
) -> None:
    settings = make_settings(
        database_pool_size=1, database_pool_overflow=0, database_connect_seconds=2
    )
    token = Tokens(settings).issue(
        TokenType.ACCESS, user.id, 0, scopes=permitted(is_admin=False)
    )
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=BASE_URL,
            headers={"Authorization": f"Bearer {token}"},
        ) as client,
    ):
        response = await client.request(method, f"/api/v1{path}", json=body)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("code", "gone"),
    [("57P03", True), ("53300", True), ("08006", True), ("42P01", False)],
)
def test_the_codes_that_say_that_the_database_is_gone(code: str, gone: bool) -> None:
    class RefusedError(Exception):
        sqlstate = code

    assert is_unavailable(DBAPIError("SELECT 1", {}, RefusedError())) is gone
