"""Dotted names of library classes, by what their instances are."""

from __future__ import annotations

MODELS = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "pydantic.RootModel",
        "pydantic.root_model.RootModel",
        "pydantic.generics.GenericModel",
        "pydantic.v1.BaseModel",
        "sqlmodel.SQLModel",
        "sqlmodel.main.SQLModel",
        "beanie.Document",
        "beanie.odm.documents.Document",
        "odmantic.Model",
        "odmantic.model.Model",
        "pydantic_settings.BaseSettings",
        "pydantic_settings.main.BaseSettings",
        "pydantic.BaseSettings",
    }
)
SETTINGS = frozenset(
    {
        "pydantic_settings.BaseSettings",
        "pydantic_settings.main.BaseSettings",
        "pydantic.BaseSettings",
        "pydantic.v1.BaseSettings",
        "pydantic.env_settings.BaseSettings",
    }
)
SQLMODELS = frozenset({"sqlmodel.SQLModel", "sqlmodel.main.SQLModel"})
TABLES = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
        "sqlalchemy.orm.declarative_base",
        "sqlalchemy.ext.declarative.declarative_base",
        "sqlalchemy.orm.decl_api.DeclarativeBase",
        "flask_sqlalchemy.SQLAlchemy.Model",
        "tortoise.models.Model",
        "tortoise.Model",
        "peewee.Model",
        "django.db.models.Model",
        "django.db.models.base.Model",
        "piccolo.table.Table",
        "mongoengine.Document",
        "mongoengine.document.Document",
        "ormar.Model",
        "gino.Gino.Model",
        "pony.orm.Database.Entity",
        "beanie.Document",
        "beanie.odm.documents.Document",
        "odmantic.Model",
        "odmantic.model.Model",
    }
)
"""Bases of classes whose instances are rows of a database."""
SYNC_SESSIONS = frozenset(
    {
        "sqlalchemy.orm.Session",
        "sqlalchemy.orm.scoped_session",
        "sqlalchemy.orm.session.Session",
        "sqlmodel.Session",
        "sqlmodel.orm.session.Session",
    }
)
ASYNC_SESSIONS = frozenset(
    {
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.ext.asyncio.async_scoped_session",
        "sqlalchemy.ext.asyncio.session.AsyncSession",
        "sqlmodel.ext.asyncio.session.AsyncSession",
    }
)
CONNECTIONS = frozenset(
    {
        "sqlalchemy.Connection",
        "sqlalchemy.engine.Connection",
        "sqlalchemy.ext.asyncio.AsyncConnection",
        "sqlite3.Connection",
        "aiosqlite.Connection",
        "psycopg.Connection",
        "psycopg.AsyncConnection",
        "psycopg2.extensions.connection",
        "asyncpg.Connection",
        "asyncpg.connection.Connection",
        "pymysql.connections.Connection",
        "aiomysql.Connection",
        "mysql.connector.MySQLConnection",
    }
)
HTTP_CLIENTS = frozenset(
    {
        "httpx.Client",
        "httpx.AsyncClient",
        "httpx2.Client",
        "httpx2.AsyncClient",
        "aiohttp.ClientSession",
        "aiohttp.client.ClientSession",
        "requests.Session",
        "requests.sessions.Session",
    }
)
REQUESTS = frozenset(
    {
        "fastapi.Request",
        "starlette.requests.Request",
        "fastapi.WebSocket",
        "starlette.requests.HTTPConnection",
        "fastapi.requests.HTTPConnection",
    }
)
UPLOADS = frozenset({"fastapi.UploadFile", "starlette.datastructures.UploadFile"})
RESPONSE_PACKAGES = ("fastapi.", "starlette.", "sse_starlette.")
JSON_RESPONSES = ("JSONResponse", "ORJSONResponse", "UJSONResponse")
ENUMERATIONS = ("enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag")
COMPLEX = frozenset(
    {
        "builtins.dict",
        "builtins.list",
        "builtins.set",
        "builtins.frozenset",
        "builtins.tuple",
        "collections.abc.Mapping",
        "collections.abc.MutableMapping",
        "collections.abc.Sequence",
        "collections.OrderedDict",
        "collections.defaultdict",
        "collections.deque",
        "typing.Dict",
        "typing.List",
        "typing.Set",
        "typing.FrozenSet",
        "typing.Tuple",
        "typing.Sequence",
        "typing.Mapping",
        "typing.MutableMapping",
        "typing.Deque",
    }
)
