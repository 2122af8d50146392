"""Problem details in the OpenAPI document."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.schemas.problem import Problem

MEDIA_TYPE = "application/problem+json"
#: What any route can answer, and what only those with a body can.
EVERYWHERE = (400, 422, 429, 500, 503)
WITH_BODY = (408, 413)
METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch"))


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route that can end in these problems."""
    return {
        status: {"model": Problem, "description": HTTPStatus(status).phrase}
        for status in statuses
    }


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, made once, with every problem as what it is."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
        )
        for item in schema["paths"].values():
            for method in METHODS & item.keys():
                set_media_types(item[method])
        app.openapi_schema = schema
    return app.openapi_schema


def set_media_types(operation: dict[str, Any]) -> None:
    """Give an operation's problems their media type; only bodies can be too large."""
    responses: dict[str, Any] = operation["responses"]
    if "requestBody" not in operation:
        for number in WITH_BODY:
            responses.pop(str(number), None)
    for status, response in responses.items():
        content = response.get("content", {})
        if status >= "4" and "application/json" in content:
            content[MEDIA_TYPE] = content.pop("application/json")
