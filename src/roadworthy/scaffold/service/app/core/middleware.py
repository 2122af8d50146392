"""Plain ASGI middleware: what every request passes through, as little as possible."""

import asyncio
import re
from collections.abc import Collection
from http import HTTPStatus
from time import perf_counter
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import ProblemResponse
from app.core.metrics import IN_FLIGHT, REQUESTS

log = structlog.stdlib.get_logger("app.request")

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
PORT: Final = re.compile(r":[0-9]*$")
METHODS: Final = frozenset(
    ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
)
#: Scraped and probed all the time; logged only when they fail.
QUIET_PATHS: Final = ("/health/", "/metrics")
UNMATCHED: Final = "unmatched"
#: Of a body that is too large, after the answer: enough for an honest mistake.
MOST_DRAINED: Final = 64 * 1024 * 1024
DOCUMENTATION: Final = ("/docs", "/redoc")
HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
CONTENT_POLICY: Final = (
    b"content-security-policy",
    b"default-src 'none'; frame-ancestors 'none'",
)
STRICT_TRANSPORT: Final = (
    b"strict-transport-security",
    b"max-age=63072000; includeSubDomains",
)


class RequestContext:
    """Gives each request an id, a log line, its metrics and the security headers.

    It is the outermost of all, and answers to every error that nothing else handles.
    """

    def __init__(self, app: ASGIApp, *, https_only: bool) -> None:
        self.app = app
        self.headers = (*HEADERS, STRICT_TRANSPORT) if https_only else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = incoming_id(scope) or uuid4().hex
        scope["request_id"] = request_id
        path: str = scope["path"]
        extra = [*self.headers, (b"x-request-id", request_id.encode())]
        if not path.startswith(DOCUMENTATION):
            extra.append(CONTENT_POLICY)
        status = 0
        answered = 0.0

        async def send_with_headers(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *extra]
            await send(message)
            if not message.get("more_body", False):
                answered = perf_counter()  # background tasks are yet to come

        tokens = structlog.contextvars.bind_contextvars(request_id=request_id)
        started = perf_counter()
        IN_FLIGHT.inc()
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            log.exception("unhandled_error", path=path)
            if status:
                raise
            answer = ProblemResponse(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "Something went wrong here. It has been logged.",
                request_id=request_id,
            )
            await answer(scope, receive, send_with_headers)
        finally:
            IN_FLIGHT.dec()
            record(scope, status, (answered or perf_counter()) - started)
            structlog.contextvars.reset_contextvars(**tokens)


def incoming_id(scope: Scope) -> str | None:
    """Return the id that a proxy gave, if it is harmless in headers and logs."""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text: str = value.decode("latin-1")
            return text if REQUEST_ID.fullmatch(text) else None
    return None


def record(scope: Scope, status: int, seconds: float) -> None:
    """Count and log a request that has been answered."""
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    route = route_path(scope)
    REQUESTS.labels(method, route, str(status)).observe(seconds)
    path: str = scope["path"]
    if path.startswith(QUIET_PATHS) and status < HTTPStatus.BAD_REQUEST:
        return
    client = scope.get("client")
    log.info(
        "request",
        method=method,
        path=path,
        route=route,
        status=status,
        milliseconds=round(seconds * 1000, 2),
        client=client[0] if client else None,
    )


def route_path(scope: Scope) -> str:
    """Return the path of the route, with the names of its parameters."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    route = context or scope.get("route")
    return getattr(route, "path", UNMATCHED)


class BodyTooLargeError(HTTPException):
    """The body is larger than this service reads."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "The body is too large.",
            {"Connection": "close"},
        )


class BodyTooSlowError(HTTPException):
    """The body did not arrive in time."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.REQUEST_TIMEOUT,
            "The body did not arrive in time.",
            {"Connection": "close"},
        )


class BodyLimit:
    """Bounds the size of a body, announced or not, and the time it may take."""

    def __init__(self, app: ASGIApp, *, max_bytes: int, seconds: float) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not may_have_body(scope):
            await self.app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self.seconds
        received = 0
        complete = False
        too_large = False

        async def send_and_drain(message: Message) -> None:
            last = message["type"] == "http.response.body" and not message.get(
                "more_body", False
            )
            if too_large and last:
                await send({**message, "more_body": True})
                await drain(receive, deadline)
                message = {"type": "http.response.body"}
            await send(message)

        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > self.max_bytes:
            too_large = True
            await refuse(BodyTooLargeError(), scope, receive, send_and_drain)
            return

        async def receive_within_limits() -> Message:
            nonlocal received, complete, too_large
            if complete:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise BodyTooSlowError from None
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                complete = not message.get("more_body", False)
                if received > self.max_bytes:
                    too_large = not complete
                    raise BodyTooLargeError
            return message

        await self.app(scope, receive_within_limits, send_and_drain)


async def drain(receive: Receive, deadline: float) -> None:
    """Take the rest of a body that has been refused, and keep nothing of it.

    A connection that is closed while the client still sends is reset, and with it goes
    the answer. So the client may finish, if it does so in time and within bounds.
    """
    left = MOST_DRAINED
    try:
        async with asyncio.timeout_at(deadline):
            while left > 0:
                message = await receive()
                if not message.get("more_body", False):
                    return  # the end of the body, or the client is gone
                left -= len(message.get("body", b""))
    except TimeoutError:
        return


def may_have_body(scope: Scope) -> bool:
    """Whether the request announces a body, of known length or in chunks."""
    return any(
        name in (b"content-length", b"transfer-encoding")
        for name, _ in scope["headers"]
    )


class TrustedHosts:
    """Lets requests through that name this service as their host, and no others.

    Probes and scrapers name the address of a replica, and are told nothing by it.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts if host[:1] != "*")
        self.suffixes = tuple(host[1:].lower() for host in hosts if host[:2] == "*.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "http"
            and not scope["path"].startswith(QUIET_PATHS)
            and not self.trusts(scope)
        ):
            error = HTTPException(HTTPStatus.BAD_REQUEST, "The host is not known here.")
            await refuse(error, scope, receive, send)
            return
        await self.app(scope, receive, send)

    def trusts(self, scope: Scope) -> bool:
        """Whether there is one host header, and it names a host of this service."""
        named = [value for name, value in scope["headers"] if name == b"host"]
        if len(named) != 1:
            return False
        host = PORT.sub("", named[0].decode("latin-1").lower())
        return host in self.hosts or (
            bool(self.suffixes) and host.endswith(self.suffixes)
        )


async def refuse(
    error: HTTPException, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer to a request that goes no further."""
    answer = ProblemResponse(
        error.status_code,
        error.detail,
        error.headers,
        request_id=scope.get("request_id"),
    )
    await answer(scope, receive, send)
