# Where a login sends the browser next
# file: app/__init__.py
# file: app/redirects.py
from urllib.parse import urlparse

from fastapi.responses import RedirectResponse


def back(target: str) -> RedirectResponse:
    return RedirectResponse(target, status_code=303)  # expect: RW622


def back_inside(target: str) -> RedirectResponse:
    parts = urlparse(target)
    if parts.scheme or parts.netloc:
        target = "/"
    return RedirectResponse(target, status_code=303)
# file: app/main.py
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import RedirectResponse, Response

from app.redirects import back, back_inside

app = FastAPI()


@app.post("/login")
async def login(next: Annotated[str, Form()] = "/") -> Response:
    return back(next)


@app.post("/login-inside")
async def login_inside(next: Annotated[str, Form()] = "/") -> Response:
    return back_inside(next)


@app.get("/logout")
async def logout(request: Request) -> Response:
    target = request.query_params.get("next") or "/"
    return RedirectResponse(url=target)  # expect: RW622


@app.get("/go", response_class=RedirectResponse)
async def go(url: str) -> str:
    return url


@app.get("/items/{key}")
async def item(key: int) -> Response:
    return RedirectResponse(f"/items/{key}/")


@app.get("/callback")
async def callback(state: str) -> Response:
    response = Response(status_code=302)
    response.headers["Location"] = state
    return response
