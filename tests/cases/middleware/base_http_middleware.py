# BaseHTTPMiddleware.dispatch, added by add_middleware, and one that nobody adds.
import time

from fastapi import FastAPI, Request, Response
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint


class Throttle(BaseHTTPMiddleware):
    async def dispatch(
        self, request: Request, call_next: RequestResponseEndpoint
    ) -> Response:
        self.pause(request.url.path)  # expect: RW303
        return await call_next(request)

    def pause(self, path: str) -> None:
        if path.startswith("/slow"):
            time.sleep(0.1)


class Unused(BaseHTTPMiddleware):
    async def dispatch(
        self, request: Request, call_next: RequestResponseEndpoint
    ) -> Response:
        time.sleep(0.1)
        return await call_next(request)


app = FastAPI()
app.add_middleware(Throttle)


@app.get("/slow")
async def slow() -> str:
    return "slow"
