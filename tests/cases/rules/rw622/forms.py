# Redirects by status, response class, class of the query and state of a login
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

app = FastAPI()
HOSTS = {"shop.example.com"}


class Back(BaseModel):
    next: str = "/"


class Target:
    def __init__(self, redirect_to: str = "/") -> None:
        self.redirect_to = redirect_to


@app.get("/a", response_class=RedirectResponse)
async def a(back: Annotated[Back, Query()]) -> RedirectResponse:
    return RedirectResponse(back.next, 303)  # expect: RW622


@app.get("/b")
async def b(target: Annotated[Target, Depends()]) -> RedirectResponse:
    return RedirectResponse(url=str(target.redirect_to))  # expect: RW622


@app.post("/c")
async def c(request: Request) -> RedirectResponse:
    form = await request.form()
    return RedirectResponse(str(form.get("next")), status_code=303)  # expect: RW622


@app.get("/d")
async def d(next: str | None = None) -> RedirectResponse:
    url = next if next and next.startswith("/") else "/"
    return RedirectResponse(url)


@app.get("/e/{page}")
async def e(page: str, request: Request) -> RedirectResponse:
    return RedirectResponse(request.url_for("d").include_query_params(page=page))
