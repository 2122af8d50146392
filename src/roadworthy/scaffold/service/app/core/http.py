"""The HTTP client that the whole service shares for its outgoing calls."""

import httpx

from app.core.settings import Settings


def make_client(settings: Settings) -> httpx.AsyncClient:
    """Return a client with time limits and a bounded pool; close it at the end."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(settings.http_seconds),
        limits=httpx.Limits(max_connections=settings.http_connections),
        follow_redirects=False,
        headers={"User-Agent": settings.app_name},
    )
