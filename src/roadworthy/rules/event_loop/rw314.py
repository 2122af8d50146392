"""RW314 client-per-request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.keeping import is_kept
from roadworthy.rules.event_loop.places import called_names, keyword, last_name
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import words
from roadworthy.rules.trees import names_in
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW314",
    name="client-per-request",
    severity="warning",
    summary="An HTTP, database or cloud client made anew on each request.",
    why=(
        "A client is a connection pool. Made for one request, it opens a new connection "
        "(DNS, TCP, TLS: several round trips) and throws it away; under load the service "
        "runs out of ports and file handles, and the other side out of connections."
    ),
    instead=(
        "Make it once in the application's `lifespan`, keep it on `app.state`, and inject "
        "it with a dependency."
    ),
    wrong="""\
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates")
async def read_rates() -> str:
    async with httpx.AsyncClient() as client:  # expect: RW314
        response = await client.get("https://rates.example/latest")
    return response.text
""",
    right="""\
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    async with httpx.AsyncClient() as client:
        yield {"client": client}


app = FastAPI(lifespan=lifespan)


@app.get("/rates")
async def read_rates(request: Request) -> str:
    response = await request.state.client.get("https://rates.example/latest")
    return response.text
""",
    references=(
        "https://www.python-httpx.org/advanced/clients/",
        "https://docs.aiohttp.org/en/stable/http_request_lifecycle.html",
        "https://fastapi.tiangolo.com/advanced/events/",
    ),
)

_CLIENTS = frozenset(
    {
        "httpx.AsyncClient",
        "httpx.Client",
        "httpx2.AsyncClient",
        "httpx2.Client",
        "aiohttp.ClientSession",
        "aiohttp.client.ClientSession",
        "sqlalchemy.create_engine",
        "sqlalchemy.engine.create_engine",
        "sqlmodel.create_engine",
        "sqlalchemy.ext.asyncio.create_async_engine",
        "asyncpg.create_pool",
        "redis.Redis",
        "redis.StrictRedis",
        "redis.from_url",
        "redis.Redis.from_url",
        "redis.asyncio.Redis",
        "redis.asyncio.StrictRedis",
        "redis.asyncio.from_url",
        "redis.asyncio.Redis.from_url",
        "pymongo.MongoClient",
        "pymongo.AsyncMongoClient",
        "motor.motor_asyncio.AsyncIOMotorClient",
        "elasticsearch.Elasticsearch",
        "elasticsearch.AsyncElasticsearch",
        "boto3.client",
        "boto3.resource",
        "openai.OpenAI",
        "openai.AsyncOpenAI",
        "openai.AzureOpenAI",
        "openai.AsyncAzureOpenAI",
        "anthropic.Anthropic",
        "anthropic.AsyncAnthropic",
        "google.cloud.storage.Client",
        "google.cloud.bigquery.Client",
        "google.cloud.firestore.Client",
        "google.cloud.firestore.AsyncClient",
        "google.cloud.pubsub_v1.PublisherClient",
        "azure.storage.blob.BlobServiceClient",
        "azure.storage.blob.aio.BlobServiceClient",
        "azure.storage.blob.BlobServiceClient.from_connection_string",
        "azure.storage.blob.aio.BlobServiceClient.from_connection_string",
    }
)
_LAST = frozenset(name.rpartition(".")[2] for name in _CLIENTS)
_WITH_HTTP_CLIENT = ("openai.", "anthropic.")
_KEYS = ("api_key", "auth_token", "base_url", "azure_endpoint")
_WORDS = tuple(sorted({name.partition(".")[0] for name in _CLIENTS}))
_POOLS = (
    "connection_pool",
    "connector",
    "http_client",
    "poolclass",
    "transport",
    "mounts",
    "app",
)
"""Keywords by which a client is built on a pool that lives longer (or needs none)."""
_QUEUES = frozenset(
    {
        "apscheduler",
        "arq",
        "celery",
        "docket",
        "dramatiq",
        "huey",
        "procrastinate",
        "rq",
        "saq",
        "taskiq",
    }
)
"""What a request puts into these queues, a worker takes out, on its own time."""
_TRIALS = frozenset({"test", "try", "ping"})
_CONNECTED = frozenset(
    {
        "cache",
        "config",
        "configuration",
        "connection",
        "connections",
        "credentials",
        "database",
        "db",
        "server",
        "settings",
    }
)
_CACHES = frozenset(
    {
        "functools.cache",
        "functools.lru_cache",
        "functools.cached_property",
        "async_lru.alru_cache",
        "aiocache.cached",
        "cachetools.cached",
        "cachetools.func.ttl_cache",
        "cachetools.func.lru_cache",
        "asyncache.cached",
    }
)


def check(review: Review) -> Iterator[Finding]:
    """Flag constructions in functions that requests run, each time anew."""
    found = list(_constructions(review))
    if not found:
        return
    entries = _per_request(review, {info for _, _, info in found})
    for file, call, info in found:
        entry = entries.get(info)
        if entry is not None:
            yield review.finding(
                RULE,
                file,
                call,
                f"`{file.text(call.func)}(...)` opens a new connection pool on each "
                "request",
                instead=_instead(review, file, call),
                entry=entry,
            )


def _instead(review: Review, file: ReviewedFile, call: ast.Call) -> str | None:
    """Say what to share where each caller has a key of their own; None for the rest."""
    names = called_names(review, file, call, _LAST)
    if not any(name.startswith(_WITH_HTTP_CLIENT) for name in names):
        return None
    function = file.function_of(call)
    own = file.local_names(function) if function is not None else frozenset()
    if not any(
        part.arg in _KEYS and names_in(part.value) & own for part in call.keywords
    ):
        return None
    return (
        "The connections can be shared though the key cannot: make one "
        "`httpx.AsyncClient()` in the application's `lifespan` and hand it on with "
        "`http_client=`; or keep one client for each key."
    )


def _constructions(
    review: Review,
) -> Iterator[tuple[ReviewedFile, ast.Call, FunctionInfo]]:
    for file in review.files:
        if not file.mentions(*_WORDS):
            continue
        for call in file.nodes(ast.Call):
            last = last_name(call.func)
            if isinstance(call.func, ast.Attribute) and last not in _LAST:
                continue
            function = file.function_of(call)
            info = review.function_info(file, function) if function else None
            if function is None or info is None or not review.is_reached(info):
                continue
            names = called_names(review, file, call, _LAST)
            if not names or not names <= _CLIENTS:
                continue
            if (
                not _is_shared(review, file, call)
                and not is_kept(file, call, function)
                and not _answers_from_cache(file, call, function)
                and not _is_made_for_a_library(review, file, call, info)
            ):
                yield file, call, info


def _is_made_for_a_library(
    review: Review, file: ReviewedFile, call: ast.Call, info: FunctionInfo
) -> bool:
    """Whether a method returns a client to the library class that it is a hook of.

    How often it is asked for one, and who closes it, is the library's to decide.
    """
    if info.cls is None or not isinstance(file.parent(call), ast.Return):
        return False
    callers = list(review.callers(info))
    return bool(callers) and all(caller.module.is_library for caller in callers)


def _answers_from_cache(
    file: ReviewedFile, call: ast.Call, function: FunctionNode
) -> bool:
    """Whether a function mostly returns what it has kept of an earlier answer."""

    def speaks(node: ast.AST) -> bool:
        return "cache" in file.text(node).lower()

    held: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Assign) and node.lineno < call.lineno:
            if speaks(node.value):
                held |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    return any(
        isinstance(node, ast.Return)
        and node.value is not None
        and node.lineno < call.lineno
        and (
            speaks(node.value)
            or any(
                isinstance(part, ast.Name) and part.id in held
                for part in walk(node.value)
            )
        )
        for node in own_nodes(function)
    )


def _per_request(
    review: Review, wanted: set[FunctionInfo]
) -> dict[FunctionInfo, Handler]:
    """Return which of the functions, and of those that lead to them, run each time.

    Handlers and dependencies do, and what these call; what is cached does not.
    """
    above = set(wanted)
    rising = list(wanted)
    while rising:
        for caller in review.callers(rising.pop()):
            if caller not in above:
                above.add(caller)
                rising.append(caller)
    waiting: list[tuple[FunctionInfo, Handler]] = []
    for handler in review.handlers():
        if handler.is_websocket or _is_trial(handler.function.code.name):
            continue
        waiting.append((handler.atom.function, handler))
        waiting.append((handler.function, handler))
        for use in review.dependencies(handler):
            waiting.extend((f.function, handler) for f in use.functions)
    waiting.reverse()
    marks: dict[FunctionInfo, Handler] = {}
    while waiting:
        info, entry = waiting.pop()
        if info in marks or info not in above or _is_cached(review, info):
            continue
        if _is_trial(info.code.name):
            continue
        if info.module.is_library and info.module.name.partition(".")[0] in _QUEUES:
            continue
        marks[info] = entry
        below = [other for other in review.called(info) if other in above]
        # What is made only where nothing was made yet is made once.
        guarded = _guarded_calls(review, info, below) if below else set()
        waiting.extend(
            (other, entry)
            for other in below
            if other not in guarded
            and (other.cls is None or other.cls not in guarded)
            and _is_named(review, info, other)
        )
    return marks


def _is_trial(name: str) -> bool:
    """Whether a function tries out a connection that a client describes: it must open
    one of its own."""
    said = set(words(name))
    return "probe" in said or bool(said & _TRIALS and said & _CONNECTED)


def _is_cached(review: Review, info: FunctionInfo) -> bool:
    file, node = review.file_of(info.module), review.node_of(info)
    if file is None or node is None:
        return False
    if node.name in ("__new__", "__init_subclass__"):
        return True
    for decorator in node.decorator_list:
        plain = decorator.func if isinstance(decorator, ast.Call) else decorator
        value = review.value(file, plain)
        if any(not _CACHES.isdisjoint(review.names_of(atom)) for atom in value):
            return True
        if last_name(plain) in ("cached", "cached_property", "lru_cache", "alru_cache"):
            return True
    return False


def _is_named(review: Review, info: FunctionInfo, other: FunctionInfo) -> bool:
    """Whether a function names the class that it is said to construct.

    One that imports a module also runs what stands at its top, which happens once.
    """
    cls = other.cls
    file, node = review.file_of(info.module), review.node_of(info)
    if cls is None or other.code.name != "__init__" or file is None or node is None:
        return True
    names = {base.name for base in (cls, *cls.all_subclasses())} | {"cls", "super"}
    return any(
        (isinstance(inner, ast.Name) and inner.id in names)
        or (isinstance(inner, ast.Attribute) and inner.attr in names)
        for inner in walk(node)
    )


def _guarded_calls(
    review: Review, info: FunctionInfo, below: list[FunctionInfo]
) -> set[object]:
    """Return functions and classes that a function calls only to fill what is kept."""
    file, node = review.file_of(info.module), review.node_of(info)
    if file is None or node is None:
        return set()
    words = {other.code.name for other in below}
    words |= {other.cls.name for other in below if other.cls is not None}
    calls = [
        call
        for call in own_nodes(node)
        if isinstance(call, ast.Call) and last_name(call.func) in words
    ]
    filling = [call for call in calls if is_kept(file, call, node)]
    if not filling:
        return set()  # what the other calls enter need not be asked
    kept: set[object] = set()
    plain: set[object] = set()
    for call in calls:
        into = kept if any(call is each for each in filling) else plain
        into.update(_targets(review, file, call))
    return kept - plain


def _targets(review: Review, file: ReviewedFile, call: ast.Call) -> set[object]:
    found: set[object] = set()
    for atom in review.callees(file, call):
        for part in ("function", "cls"):
            target = getattr(atom, part, None)
            if target is not None:
                found.add(target)
    return found


def _is_shared(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a client is built on what outlives it: a pool, a transport, another."""
    if any(part.arg is None for part in call.keywords):
        # `**options` may hold one.
        return True
    for name in _POOLS:
        given = keyword(call, name)
        if given is not None and not (
            isinstance(given, ast.Constant) and given.value is None
        ):
            return not _is_made_here(file, given)
    return False


def _is_made_here(file: ReviewedFile, given: ast.expr) -> bool:
    """Whether a pool is itself made for this one client."""
    if not isinstance(given, ast.Call):
        return False
    return last_name(given.func) in (
        "AsyncHTTPTransport",
        "HTTPTransport",
        "TCPConnector",
        "AsyncClient",
        "Client",
    )
