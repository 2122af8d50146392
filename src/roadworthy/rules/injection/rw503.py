"""RW503 service-in-handler."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.injection.functions import each_function
from roadworthy.rules.injection.sessions import is_handle
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import words
from roadworthy.values.atoms import (
    Atom,
    ClassAtom,
    Const,
    Function,
    Instance,
    Value,
    Wrapped,
)
from roadworthy.values.program import ClassInfo

RULE = Rule(
    code="RW503",
    name="service-in-handler",
    severity="advice",
    advice=True,
    summary="A handler makes its own service, repository or client.",
    why=(
        "A test cannot put another object in its place, every handler must know what the "
        "service needs, and what could be made once is made for each request."
    ),
    instead="Inject it: `service: Annotated[Service, Depends(get_service)]`.",
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


class PenService:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def count(self) -> int:
        return await self.db.scalar(text("SELECT count(*) FROM pens"))


async def get_db():
    async with factory() as session:
        yield session


@app.get("/pens")
async def count_pens(db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    service = PenService(db)  # expect: RW503
    return await service.count()
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with factory() as session:
        yield session


class PenService:
    def __init__(self, db: Annotated[AsyncSession, Depends(get_db)]) -> None:
        self.db = db

    async def count(self) -> int:
        return await self.db.scalar(text("SELECT count(*) FROM pens"))


@app.get("/pens")
async def count_pens(service: Annotated[PenService, Depends()]) -> int:
    return await service.count()
""",
    references=(
        "https://fastapi.tiangolo.com/tutorial/dependencies/classes-as-dependencies/",
    ),
)

_SERVICES_WORDS = """
    service services repository repositories repo client manager dao gateway provider
    adapter store storage crud usecase interactor api unit uow facade
    """
_SERVICES = frozenset(_SERVICES_WORDS.split())
_INFRASTRUCTURE = ("redis", "aioredis", "motor", "pymongo", "boto3", "aioboto3")
_REQUEST_KINDS = frozenset(
    {"path", "query", "header", "cookie", "body", "form", "file"}
)


def check(review: Review) -> Iterator[Finding]:
    """Flag services of the project that handlers construct."""
    for handler in each_function(review):
        file = handler.file
        if not review.is_application_file(file):
            continue
        for call in own_nodes(handler.node):
            if not isinstance(call, ast.Call) or _is_raised(file, call):
                continue
            callees = review.callees(file, call)
            if len(callees) != 1 or not isinstance(callees[0], ClassAtom):
                continue
            cls = callees[0].cls
            if review.file_of(cls.module) is None or not _may_be_service(callees[0]):
                continue
            if _is_service(review, handler, call, cls):
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"`{cls.name}` is made inside the handler",
                    entry=handler,
                )


def _is_raised(file: ReviewedFile, call: ast.Call) -> bool:
    return isinstance(file.parent(call), ast.Raise)


def _may_be_service(atom: ClassAtom) -> bool:
    """Whether a class is none of the kinds that are data, errors or responses."""
    cls = atom.cls
    if cls.is_dataclass or "__tablename__" in cls.namespace:
        return False
    if (
        kinds.is_model(atom)
        or kinds.is_table_model(atom)
        or kinds.is_settings(atom)
        or kinds.is_typed_dict(atom)
        or kinds.is_enumeration(atom)
        or kinds.is_exception(atom)
        or kinds.is_response(atom)
    ):
        return False
    if any(
        name.startswith(("builtins.", "typing.NamedTuple", "collections.", "enum."))
        and name != "builtins.object"
        for name in kinds.lineage(atom)
    ):
        return False
    return _works(cls)


def _works(cls: ClassInfo) -> bool:
    """Whether instances do something: they have public methods of their own."""
    return any(
        not name.startswith("_") and any(isinstance(atom, Function) for atom in value)
        for base in cls.mro
        if isinstance(base, ClassInfo)
        for name, value in base.namespace.items()
    )


def _is_service(
    review: Review, handler: Handler, call: ast.Call, cls: ClassInfo
) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if any(_is_infrastructure(review.value(handler.file, part)) for part in given):
        return _has_async_or_service_name(cls)
    data = {
        parameter.name
        for parameter in review.parameters(handler)
        if parameter.kind in _REQUEST_KINDS
    }
    if any(isinstance(n, ast.Name) and n.id in data for p in given for n in walk(p)):
        return False
    said = words(cls.name)
    if not said or said[-1] not in _SERVICES:
        return False
    # A manager may manage anything, also what it is given as text.
    return _waits(cls) if said[-1] == "manager" else _reaches_out(cls)


def _has_async_or_service_name(cls: ClassInfo) -> bool:
    said = words(cls.name)
    return _reaches_out(cls) or not _SERVICES.isdisjoint(said)


def _waits(cls: ClassInfo) -> bool:
    """Whether a class has public `async def` methods."""
    return any(
        inner.function.code.is_async
        for base in cls.mro
        if isinstance(base, ClassInfo)
        for name, value in base.namespace.items()
        if not name.startswith("_")
        for inner in map(_function, value)
        if inner is not None
    )


def _reaches_out(cls: ClassInfo) -> bool:
    """Whether a class has methods that wait, or keeps what it is given to work with."""
    return _waits(cls) or any(
        isinstance(atom, Function) and atom.function.code.self_attributes
        for base in cls.mro
        if isinstance(base, ClassInfo)
        for name, value in base.namespace.items()
        if name == "__init__" or not name.startswith("_")
        for atom in value
    )


def _function(atom: Atom) -> Function | None:
    if isinstance(atom, Function):
        return atom
    if isinstance(atom, Wrapped):
        for part in atom.value:
            if isinstance(part, Function):
                return part
    return None


def _is_infrastructure(value: Value) -> bool:
    """Whether an argument is a session, a client, the settings or another service."""
    return any(
        not isinstance(atom, Const)
        and (
            is_handle(atom)
            or kinds.is_http_client(atom)
            or (isinstance(atom, Instance) and kinds.is_settings(atom))
            or (kinds.path_of(atom) or "").startswith(_INFRASTRUCTURE)
        )
        for atom in kinds.known(value)
    )
