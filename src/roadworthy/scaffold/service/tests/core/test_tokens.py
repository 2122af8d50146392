"""Tokens: only those count that this service signed, for this purpose, and lately."""

import base64
import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from app.core.resources import Resources
from app.core.security import InvalidTokenError, TokenType
from app.core.settings import Settings
from app.db.types import utc_now
from app.models import User

ME = "/api/v1/users/me"
ISSUER = Settings.model_fields["token_issuer"].default


def payload(user: User, **changes: Any) -> dict[str, Any]:
    now = utc_now()
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": "access",
        "sub": str(user.id),
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": uuid4().hex,
        "fam": uuid4().hex,
        "ver": 0,
        "scope": "profile",
    }
    claims |= changes
    return {name: value for name, value in claims.items() if value is not None}


async def status_with(client: httpx.AsyncClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.get(ME, headers=headers)).status_code


async def test_a_token_of_this_service_counts(
    client: httpx.AsyncClient, user: User, resources: Resources
) -> None:
    key = resources.settings.secret_key.get_secret_value()
    token = jwt.encode(payload(user), key, algorithm="HS256")
    assert await status_with(client, token) == 200


@pytest.mark.parametrize(
    "change",
    [
        {"exp": utc_now() - timedelta(seconds=1)},
        {"exp": None},
        {"iat": utc_now() + timedelta(hours=1)},
        {"iat": "yesterday"},
        {"nbf": utc_now() + timedelta(hours=1)},
        {"aud": "refresh"},
        {"aud": None},
        {"iss": "somebody"},
        {"iss": None},
        {"sub": None},
        {"sub": "no number"},
        {"sub": "999999"},
        {"sub": "-1"},
        {"sub": str(2**63)},
        {"sub": "9" * 5000},
        {"jti": "no uuid"},
        {"jti": None},
        {"fam": 5},
        {"ver": 1},
        {"ver": None},
        {"scope": None},
        {"scope": 7},
    ],
)
async def test_a_token_with_a_wrong_claim_does_not(
    change: dict[str, Any], client: httpx.AsyncClient, user: User, resources: Resources
) -> None:
    key = resources.settings.secret_key.get_secret_value()
    token = jwt.encode(payload(user, **change), key, algorithm="HS256")
    assert await status_with(client, token) == 401


async def test_a_token_of_a_replica_whose_clock_is_a_little_ahead_counts(
    client: httpx.AsyncClient, user: User, resources: Resources
) -> None:
    key = resources.settings.secret_key.get_secret_value()
    claims = payload(user, iat=utc_now() + timedelta(seconds=3))
    token = jwt.encode(claims, key, algorithm="HS256")
    assert await status_with(client, token) == 200


async def test_a_token_signed_otherwise_does_not(
    client: httpx.AsyncClient, user: User, resources: Resources
) -> None:
    key = resources.settings.secret_key.get_secret_value()
    claims = payload(user)
    forged = [
        jwt.encode(claims, secrets.token_urlsafe(48), algorithm="HS256"),
        jwt.encode(claims, key + key, algorithm="HS512"),
        jwt.encode(claims, "", algorithm="none"),
    ]
    for token in forged:
        assert await status_with(client, token) == 401


async def test_a_token_changed_on_the_way_does_not(
    client: httpx.AsyncClient, user: User, resources: Resources
) -> None:
    token = resources.tokens.issue(TokenType.ACCESS, user.id, 0)
    header, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["sub"] = str(user.id + 1)
    other = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    changed = [
        f"{header}.{other}.{signature}",
        f"{header}.{body}.{flipped}",
        f"{header}.{body}.",
        f"{header}.{body}",
        "",
        "a.b.c",
        "\xff",
    ]
    for text in changed:
        headers = [(b"Authorization", f"Bearer {text}".encode("latin-1"))]
        assert (await client.get(ME, headers=headers)).status_code == 401


def test_tokens_of_one_kind_are_not_read_as_another(resources: Resources) -> None:
    for kind in TokenType:
        token = resources.tokens.issue(kind, 1, 0)
        assert resources.tokens.read(kind, token).user_id == 1
        for other in set(TokenType) - {kind}:
            with pytest.raises(InvalidTokenError):
                resources.tokens.read(other, token)


async def test_tokens_have_room_for_many_scopes(
    client: httpx.AsyncClient, resources: Resources, user: User
) -> None:
    scopes = frozenset(f"extraordinary_things{n}:write" for n in range(150))
    token = resources.tokens.issue(
        TokenType.REFRESH, user.id, user.token_version, scopes=scopes
    )
    body = {"refresh_token": token}
    response = await client.post("/api/v1/auth/refresh", json=body)
    assert response.status_code == 401  # of this size, but none that was stored
