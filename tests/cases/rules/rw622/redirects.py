# Redirects to what clients send: queries, forms, helpers; and those on paths of one's own
# file: app/__init__.py
# file: app/links.py
from urllib.parse import urlparse

from fastapi.responses import RedirectResponse as Redirect


def after_login(target: str | None) -> Redirect:
    return Redirect(url=target or "/", status_code=303)  # expect: RW622


def is_safe(target: str) -> bool:
    return not urlparse(target).netloc


def local(target: str) -> Redirect:
    if not target.startswith("/") or target.startswith("//"):
        target = "/"
    return Redirect(target)
# file: app/main.py
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Form, HTTPException, Query, Request
from fastapi.responses import RedirectResponse
from pydantic_settings import BaseSettings
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette import responses, status

from app import links


class Settings(BaseSettings):
    front_end: str = "https://shop.example.com"


class Base(DeclarativeBase):
    pass


class Link(Base):
    __tablename__ = "links"
    code: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str]


settings = Settings()
make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
router = APIRouter()


def next_page(next: Annotated[str, Query()] = "/") -> str:
    return next


@router.post("/login")
async def login(name: str = Form(), next_url: str = Form("/")) -> RedirectResponse:
    return links.after_login(next_url)


@router.get("/logout")
async def logout(request: Request) -> RedirectResponse:
    target = request.query_params.get("redirect_uri", "/")
    response = RedirectResponse(target, status_code=status.HTTP_302_FOUND)  # expect: RW622
    response.delete_cookie("session")
    return response


@router.get("/oauth/callback")
async def callback(state: str, page: str = Depends(next_page)) -> RedirectResponse:
    return RedirectResponse(url=page)  # expect: RW622


@router.get("/appended")
async def appended(return_to: str) -> responses.RedirectResponse:
    return responses.RedirectResponse(f"{return_to}?done=1")  # expect: RW622


@router.get("/go/{target:path}")
async def go(target: str) -> RedirectResponse:
    return RedirectResponse(f"https://{target}")  # expect: RW622


@router.get("/local")
async def local(next: str) -> RedirectResponse:
    return links.local(next)


@router.get("/checked")
async def checked(next: str) -> RedirectResponse:
    if not links.is_safe(next):
        raise HTTPException(400)
    return RedirectResponse(next)


@router.get("/items/{item_id}")
async def moved(item_id: str, request: Request) -> RedirectResponse:
    if item_id == "old":
        return RedirectResponse(request.url_for("login"))
    return RedirectResponse(f"/v2/items/{item_id}")


@router.get("/front/{page}")
async def front(page: str) -> RedirectResponse:
    return RedirectResponse(f"{settings.front_end}/{page}")


@router.get("/s/{code}")
async def short(code: str) -> RedirectResponse:
    async with make_session() as session:
        link: Link | None = await session.get(Link, code)
    if link is None:
        raise HTTPException(404)
    return RedirectResponse(link.target)


app = FastAPI()
app.include_router(router)
