"""Problem details (RFC 9457)."""

from pydantic import BaseModel


class FieldError(BaseModel):
    """What is wrong with one field of the request."""

    location: list[str]
    message: str
    type: str


class Problem(BaseModel):
    """Why a request was not answered as it was meant."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    request_id: str | None = None
    errors: list[FieldError] | None = None
