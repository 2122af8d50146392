"""Errors as problem details (RFC 9457). What went wrong inside is only logged."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import httpx
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.schemas.problem import FieldError, Problem

RETRY_SECONDS: Final = 5
METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
log = structlog.stdlib.get_logger(__name__)


class ProblemError(Exception):
    """An error that the client is told about, in these words."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


class NotFoundError(ProblemError):
    """There is no such thing, or it belongs to somebody else."""

    def __init__(self, what: str) -> None:
        super().__init__(HTTPStatus.NOT_FOUND, f"There is no such {what}.")


class ConflictError(ProblemError):
    """The change clashes with what is stored."""

    def __init__(self, what: str) -> None:
        super().__init__(HTTPStatus.CONFLICT, f"The {what} clashes with another one.")


class UnauthorizedError(ProblemError):
    """Nobody has been identified."""

    def __init__(self, detail: str, challenge: str = "Bearer") -> None:
        super().__init__(
            HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": challenge}
        )


class ForbiddenError(ProblemError):
    """The caller is known, and may not do this."""

    def __init__(self, detail: str, challenge: str = "Bearer") -> None:
        super().__init__(HTTPStatus.FORBIDDEN, detail, {"WWW-Authenticate": challenge})


class TooManyRequestsError(ProblemError):
    """The client has to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            "Too many requests. Try again later.",
            {"Retry-After": str(seconds)},
        )


class DatabaseUnavailableError(ProblemError):
    """The database cannot be reached, or does not answer in time."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The service is unavailable for the moment. Try again later.",
            {"Retry-After": str(RETRY_SECONDS)},
        )


class UpstreamError(ProblemError):
    """Another service that this one calls has failed."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.BAD_GATEWAY, "A service that this one relies on has failed."
        )


class UpstreamTimeoutError(ProblemError):
    """Another service that this one calls has not answered in time."""

    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.GATEWAY_TIMEOUT,
            "A service that this one relies on did not answer in time.",
        )


class ProblemResponse(JSONResponse):
    """A problem as the answer to a request."""

    media_type = "application/problem+json"

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
        request_id: str | None = None,
    ) -> None:
        problem = Problem(
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            request_id=request_id,
            errors=list(errors) or None,
        )
        content: dict[str, Any] = problem.model_dump(exclude_none=True)
        super().__init__(content, status, headers)


def respond(
    request: Request,
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
) -> ProblemResponse:
    """Return the answer that names the request's id."""
    request_id = request.scope.get("request_id")
    return ProblemResponse(status, detail, headers, errors, request_id)


async def on_problem(request: Request, error: Exception) -> ProblemResponse:
    """Answer with the problem that was raised."""
    assert isinstance(error, ProblemError)  # noqa: S101
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("unavailable", status=error.status, exc_info=error)
    return respond(request, error.status, error.detail, error.headers)


async def on_http_error(request: Request, error: Exception) -> ProblemResponse:
    """Answer to what Starlette and FastAPI refuse themselves."""
    assert isinstance(error, HTTPException)  # noqa: S101
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(allowed_methods(request))}
    return respond(request, error.status_code, str(error.detail), headers)


def allowed_methods(request: Request) -> list[str]:
    """Return the methods of every route with this path, not of the first one alone."""
    scope = {name: request.scope[name] for name in ("type", "path", "headers")}
    return [
        method
        for method in METHODS
        if any(
            route.matches(scope | {"method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def on_invalid(request: Request, error: Exception) -> ProblemResponse:
    """Say which fields are wrong and why, without repeating what was sent."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = [
        FieldError(
            location=[str(part) for part in found["loc"]],
            message=found["msg"],
            type=found["type"],
        )
        for found in error.errors()
    ]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return respond(request, status, "The request is not valid.", errors=errors)


async def on_conflict(request: Request, error: Exception) -> ProblemResponse:
    """Answer to a constraint that no service has handled."""
    log.warning("integrity_error", exc_info=error)
    detail = "The change clashes with what is stored."
    return respond(request, HTTPStatus.CONFLICT, detail)


async def on_upstream(request: Request, error: Exception) -> ProblemResponse:
    """Answer to an outgoing call that has failed."""
    late = isinstance(error, httpx.TimeoutException)
    return await on_problem(
        request, UpstreamTimeoutError() if late else UpstreamError()
    )


def add_handlers(app: FastAPI) -> None:
    """Register every handler. The middleware answers to what none of them takes."""
    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(IntegrityError, on_conflict)
    app.add_exception_handler(httpx.HTTPError, on_upstream)
