# A library's middleware awaits what it is given: a back end's methods, a function.
import time

from fastapi import FastAPI, Request, Response
from starlette.authentication import AuthCredentials, AuthenticationBackend, BaseUser
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import HTTPConnection


class TokenBackend(AuthenticationBackend):
    async def authenticate(
        self, conn: HTTPConnection
    ) -> tuple[AuthCredentials, BaseUser] | None:
        if "Authorization" not in conn.headers:
            return None
        self.look_up(conn.headers["Authorization"])  # expect: RW303
        return None

    def look_up(self, token: str) -> None:
        time.sleep(len(token) / 100)


class UnusedBackend(AuthenticationBackend):
    async def authenticate(
        self, conn: HTTPConnection
    ) -> tuple[AuthCredentials, BaseUser] | None:
        time.sleep(0.1)
        return None


async def throttle(request: Request, call_next: RequestResponseEndpoint) -> Response:
    time.sleep(0.1)  # expect: RW303
    return await call_next(request)


async def unused(request: Request, call_next: RequestResponseEndpoint) -> Response:
    time.sleep(0.1)
    return await call_next(request)


app = FastAPI(middleware=[Middleware(BaseHTTPMiddleware, dispatch=throttle)])
app.add_middleware(AuthenticationMiddleware, backend=TokenBackend())
