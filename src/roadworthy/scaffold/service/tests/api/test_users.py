"""Accounts: one's own, and what administrators see and change."""

from collections.abc import Callable

import httpx
import pytest

from app.models import User

URL = "/api/v1/users"


async def test_me_is_the_caller_without_secrets(
    as_user: httpx.AsyncClient, user: User
) -> None:
    response = await as_user.get(f"{URL}/me")
    assert response.status_code == 200
    assert response.json()["email"] == user.email
    assert "password" not in response.text


async def test_people_change_their_name_and_nothing_else(
    as_user: httpx.AsyncClient,
) -> None:
    response = await as_user.patch(f"{URL}/me", json={"name": "Else"})
    assert response.status_code == 200
    assert response.json()["name"] == "Else"
    response = await as_user.patch(f"{URL}/me", json={"is_admin": True})
    assert response.status_code == 422


async def test_a_caller_whose_account_is_gone_is_told(
    as_user: httpx.AsyncClient, user: User, log_in: Callable[[User], None]
) -> None:
    log_in(User(id=user.id + 1000, is_admin=False))
    assert (await as_user.get(f"{URL}/me")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ""), ("GET", "/1"), ("PATCH", "/1")]
)
async def test_others_are_the_administrators_matter(
    method: str, path: str, client: httpx.AsyncClient, user: User
) -> None:
    assert (await client.request(method, f"{URL}{path}")).status_code == 401


async def test_scopes_are_what_makes_an_administrator(
    client: httpx.AsyncClient, user: User, admin: User
) -> None:
    for account, status in ((user, 403), (admin, 200)):
        form = {"username": account.email, "password": "correct horse battery"}
        tokens = (await client.post("/api/v1/auth/login", data=form)).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        assert (await client.get(URL, headers=headers)).status_code == status


async def test_administrators_list_and_filter(
    client: httpx.AsyncClient,
    user: User,
    other_user: User,
    admin: User,
    log_in: Callable[[User], None],
) -> None:
    log_in(admin)
    everyone = (await client.get(URL)).json()
    assert [row["id"] for row in everyone["items"]] == [
        user.id,
        other_user.id,
        admin.id,
    ]
    query = {"email": user.email.upper(), "is_active": "true"}
    found = (await client.get(URL, params=query)).json()
    assert [row["id"] for row in found["items"]] == [user.id]
    assert (await client.get(f"{URL}/{user.id}")).json()["email"] == user.email
    assert (await client.get(f"{URL}/{admin.id + 1000}")).status_code == 404


async def test_closing_an_account_ends_its_sessions(
    client: httpx.AsyncClient,
    user: User,
    admin: User,
    log_in: Callable[[User], None],
) -> None:
    form = {"username": user.email, "password": "correct horse battery"}
    tokens = (await client.post("/api/v1/auth/login", data=form)).json()
    log_in(admin)
    response = await client.patch(f"{URL}/{user.id}", json={"is_active": False})
    assert response.status_code == 200
    assert response.json()["is_active"] is False
    body = {"refresh_token": tokens["refresh_token"]}
    refused = await client.post("/api/v1/auth/refresh", json=body)
    assert refused.status_code == 401


async def test_administrators_cannot_close_their_own_account(
    client: httpx.AsyncClient, admin: User, log_in: Callable[[User], None]
) -> None:
    log_in(admin)
    response = await client.patch(f"{URL}/{admin.id}", json={"is_active": False})
    assert response.status_code == 409
    response = await client.patch(f"{URL}/{admin.id}", json={"name": "Root"})
    assert response.json()["name"] == "Root"
