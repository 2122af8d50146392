"""The limit: bare Starlette handlers, the same SQL through asyncpg, the same token check.

It stands for what this Python, this server and this database can do at most: no
validation, no layers, no middleware. Run it with uvicorn, and with DATABASE, SECRET and ISSUER set.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import AsyncIterator
from datetime import datetime, timezone

import asyncpg
import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_SECRET, _ISSUER = os.environ["SECRET"], os.environ["ISSUER"]
_COLUMNS = "id, owner_id, title, description, created_at, updated_at"
_ITEM = f"SELECT {_COLUMNS} FROM items WHERE id = $1 AND owner_id = $2"
_ITEMS = (
    f"SELECT {_COLUMNS} FROM items WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT $3"
)
_INSERT = (
    "INSERT INTO items (owner_id, title, description, created_at, updated_at) "
    "VALUES ($1, $2, $3, $4, $4) RETURNING id"
)


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        os.environ["DATABASE"], min_size=5, max_size=20
    ) as pool:
        app.state.pool = pool
        yield


def _subject(request: Request) -> int | None:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        claims = jwt.decode(
            token, _SECRET, algorithms=["HS256"], audience="access", issuer=_ISSUER
        )
        return int(claims["sub"])
    except (jwt.InvalidTokenError, KeyError, ValueError):
        return None


async def _read(request: Request) -> Response:
    owner = _subject(request)
    if owner is None:
        return Response(status_code=401)
    async with request.app.state.pool.acquire() as connection:
        row = await connection.fetchrow(_ITEM, int(request.path_params["id"]), owner)
    return Response(status_code=404) if row is None else _json(dict(row))


async def _list(request: Request) -> Response:
    owner = _subject(request)
    if owner is None:
        return Response(status_code=401)
    limit = int(request.query_params.get("limit", "50"))
    async with request.app.state.pool.acquire() as connection:
        rows = await connection.fetch(_ITEMS, owner, 0, limit + 1)
    following = rows[limit - 1]["id"] if len(rows) > limit else None
    return _json({"items": [dict(row) for row in rows[:limit]], "next": following})


async def _create(request: Request) -> Response:
    owner = _subject(request)
    if owner is None:
        return Response(status_code=401)
    body = json.loads(await request.body())
    now = datetime.now(timezone.utc)
    row = (owner, body["title"], body["description"], now)
    async with request.app.state.pool.acquire() as connection:
        number = await connection.fetchval(_INSERT, *row)
    names = ("owner_id", "title", "description", "created_at")
    found = dict(zip(names, row, strict=True))
    return _json({"id": number, **found, "updated_at": now}, 201)


def _json(value: object, status: int = 200) -> Response:
    content = json.dumps(value, default=str, separators=(",", ":")).encode()
    return Response(content, status, media_type="application/json")


async def _live(request: Request) -> Response:
    return _json({"status": "ok"})


app = Starlette(
    routes=[
        Route("/live", _live),
        Route("/items", _list),
        Route("/items", _create, methods=["POST"]),
        Route("/items/{id}", _read),
    ],
    lifespan=_lifespan,
)
