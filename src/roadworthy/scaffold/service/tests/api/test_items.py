"""Items: what owners can do with theirs, and that nobody can do with others'."""

from collections.abc import Callable

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import User
from tests.factories import make_item

URL = "/api/v1/items"
NEW = {"title": "Lamp", "description": "Bright"}


async def test_create_returns_the_item(as_user: httpx.AsyncClient, user: User) -> None:
    response = await as_user.post(URL, json=NEW)
    assert response.status_code == 201
    body = response.json()
    assert body.items() >= NEW.items()
    assert body["owner_id"] == user.id


async def test_read_returns_what_was_created(as_user: httpx.AsyncClient) -> None:
    created = (await as_user.post(URL, json=NEW)).json()
    response = await as_user.get(f"{URL}/{created['id']}")
    assert response.status_code == 200
    assert response.json() == created


async def test_a_clash_is_a_conflict(as_user: httpx.AsyncClient) -> None:
    await as_user.post(URL, json=NEW)
    response = await as_user.post(URL, json=NEW)
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"


async def test_owners_do_not_clash(
    as_user: httpx.AsyncClient, other_user: User, session: AsyncSession
) -> None:
    await make_item(session, other_user, title=NEW["title"])
    assert (await as_user.post(URL, json=NEW)).status_code == 201


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"title": None}, {"title": "a" * 201}, {"unknown": 1}],
)
async def test_bad_bodies_are_refused(
    as_user: httpx.AsyncClient, change: dict[str, object]
) -> None:
    response = await as_user.post(URL, json=NEW | change)
    assert response.status_code == 422


async def test_update_changes_only_what_is_sent(as_user: httpx.AsyncClient) -> None:
    created = (await as_user.post(URL, json=NEW)).json()
    url = f"{URL}/{created['id']}"
    response = await as_user.patch(url, json={"title": "Torch"})
    assert response.status_code == 200
    assert response.json()["title"] == "Torch"
    assert response.json()["description"] == NEW["description"]
    assert (await as_user.get(url)).json() == response.json()


async def test_update_into_a_clash_is_a_conflict(
    as_user: httpx.AsyncClient, user: User, session: AsyncSession
) -> None:
    first = await make_item(session, user)
    second = await make_item(session, user)
    response = await as_user.patch(f"{URL}/{second.id}", json={"title": first.title})
    assert response.status_code == 409


async def test_delete_removes_the_item(
    as_user: httpx.AsyncClient, user: User, session: AsyncSession
) -> None:
    item = await make_item(session, user)
    assert (await as_user.delete(f"{URL}/{item.id}")).status_code == 204
    assert (await as_user.get(f"{URL}/{item.id}")).status_code == 404


async def test_pages_follow_each_other(
    as_user: httpx.AsyncClient, user: User, session: AsyncSession
) -> None:
    items = [await make_item(session, user) for _ in range(5)]
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        query = {"limit": 2, "after": after}
        page = (await as_user.get(URL, params=query)).json()
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
    assert seen == [item.id for item in items]


async def test_lists_are_filtered(
    as_user: httpx.AsyncClient, user: User, session: AsyncSession
) -> None:
    await make_item(session, user)
    wanted = await make_item(session, user, title="Wanted")
    page = (await as_user.get(URL, params={"title": "Wanted"})).json()
    assert [item["id"] for item in page["items"]] == [wanted.id]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"after": -1}, {"unknown": 1}]
)
async def test_bad_filters_are_refused(
    as_user: httpx.AsyncClient, query: dict[str, int]
) -> None:
    assert (await as_user.get(URL, params=query)).status_code == 422


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_items_of_others_are_absent(
    method: str,
    client: httpx.AsyncClient,
    user: User,
    other_user: User,
    session: AsyncSession,
    log_in: Callable[[User], None],
) -> None:
    item = await make_item(session, user)
    log_in(other_user)
    body = {"title": "Mine now"} if method == "PATCH" else None
    response = await client.request(method, f"{URL}/{item.id}", json=body)
    assert response.status_code == 404
    assert (await client.get(URL)).json()["items"] == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_strangers_are_refused(method: str, client: httpx.AsyncClient) -> None:
    response = await client.request(method, URL)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
