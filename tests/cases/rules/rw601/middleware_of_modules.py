# A middleware that authenticates all but some paths, in a list of middleware
# file: app/__init__.py
# file: app/middleware.py
import jwt
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse

OPEN = {"/health", "/docs"}


class AuthMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        if request.url.path in OPEN:
            return await call_next(request)
        header = request.headers.get("Authorization", "")
        try:
            claims = jwt.decode(header.removeprefix("Bearer "), "k", algorithms=["HS256"])
        except jwt.PyJWTError:
            return JSONResponse({"detail": "unauthenticated"}, status_code=401)
        request.state.user = claims["sub"]
        return await call_next(request)


middleware = [Middleware(AuthMiddleware)]
# file: app/main.py
from fastapi import FastAPI

from app.middleware import middleware

app = FastAPI(middleware=middleware)


@app.post("/items")
async def create_item(name: str) -> str:
    return name
