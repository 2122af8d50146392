# Requests that clients direct, through several libraries, wrappers and services
# file: app/__init__.py
# file: app/schemas.py
from pydantic import AnyHttpUrl, BaseModel, HttpUrl, field_validator


class Import(BaseModel):
    source: HttpUrl
    name: str


class Hook(BaseModel):
    callback_url: str
    secret: str = ""


class CheckedImport(BaseModel):
    source: AnyHttpUrl

    @field_validator("source")
    @classmethod
    def known_host(cls, value: AnyHttpUrl) -> AnyHttpUrl:
        if value.host not in ("images.example.com",):
            raise ValueError("unknown host")
        return value
# file: app/fetching.py
from typing import Any
from urllib.parse import urlparse
from urllib.request import urlopen

import aiohttp
import httpx
import requests

BASE = "https://api.example.com"
HOSTS = frozenset({"images.example.com"})


class Fetcher:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def fetch(self, url: str) -> bytes:
        answer = await self._client.get(url, timeout=5)  # expect: RW620
        answer.raise_for_status()
        return answer.content

    async def details(self, key: str) -> Any:
        answer = await self._client.get(f"{BASE}/items/{key}")
        return answer.json()

    async def relative(self, key: str) -> Any:
        answer = await self._client.get(f"/items/{key}")
        return answer.json()


async def download(url: str) -> bytes:
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:  # expect: RW620
            return await answer.read()


async def notify(url: str, payload: dict[str, Any]) -> None:
    async with httpx.AsyncClient() as client:
        await client.post(url, json=payload)  # expect: RW620


def title(link: str) -> str:
    return requests.get(link, timeout=3).text[:80]  # expect: RW620


def raw(link: str) -> bytes:
    with urlopen(link) as answer:  # expect: RW620
        return bytes(answer.read())


def ensure_allowed(url: str) -> None:
    if urlparse(url).hostname not in HOSTS:
        raise ValueError("not allowed")


async def download_checked(url: str) -> bytes:
    ensure_allowed(url)
    async with httpx.AsyncClient() as client:
        return (await client.get(url)).content
# file: app/main.py
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, BackgroundTasks, Body, Depends, FastAPI, Form, Query, Request
from pydantic import BaseModel
from pydantic_settings import BaseSettings

from app import fetching
from app.fetching import Fetcher
from app.schemas import CheckedImport, Hook, Import


class Settings(BaseSettings):
    upstream: str = "https://stock.example.com"


settings = Settings()
router = APIRouter()


def get_client(request: Request) -> httpx.AsyncClient:
    client: httpx.AsyncClient = request.app.state.client
    return client


ClientDep = Annotated[httpx.AsyncClient, Depends(get_client)]


def get_fetcher(client: ClientDep) -> Fetcher:
    return Fetcher(client)


FetcherDep = Annotated[Fetcher, Depends(get_fetcher)]


@router.post("/import")
async def import_items(data: Import, fetcher: FetcherDep) -> int:
    content = await fetcher.fetch(str(data.source))
    return len(content)


@router.get("/items/{key}")
async def item(key: str, fetcher: FetcherDep) -> Any:
    return [await fetcher.details(key), await fetcher.relative(key)]


@router.get("/download")
async def download(url: Annotated[str, Query()]) -> bytes:
    return await fetching.download(url)


@router.post("/hooks")
async def register(hook: Hook, tasks: BackgroundTasks) -> None:
    tasks.add_task(fetching.notify, hook.callback_url, {"event": "registered"})


@router.post("/preview")
def preview(link: str = Form()) -> str:
    return fetching.title(link)


@router.post("/raw")
def raw(link: Annotated[str, Body(embed=True)]) -> bytes:
    return fetching.raw(link)


@router.get("/host/{host}")
async def by_host(host: str, client: ClientDep) -> Any:
    answer = await client.get(f"https://{host}/status")  # expect: RW620
    return answer.json()


@router.get("/proxied")
async def proxied(request: Request, client: ClientDep) -> Any:
    target = request.query_params["target"]
    answer = await client.request(request.method, target)  # expect: RW620
    return answer.json()


@router.post("/json")
async def from_json(request: Request, client: ClientDep) -> Any:
    data = await request.json()
    async with client.stream("GET", data["url"]) as answer:  # expect: RW620
        return await answer.aread()


@router.post("/checked")
async def checked(url: str) -> bytes:
    return await fetching.download_checked(url)


@router.post("/checked-schema")
async def checked_schema(data: CheckedImport, client: ClientDep) -> bytes:
    return (await client.get(str(data.source))).content


@router.get("/upstream/{path:path}")
async def upstream(path: str, client: ClientDep) -> Any:
    answer = await client.get(f"{settings.upstream}/{path}")
    return answer.json()


@router.get("/joined/{name}")
async def joined(name: str, client: ClientDep) -> Any:
    answer = await client.get(settings.upstream + "/things/" + name, params={"q": name})
    return answer.json()


app = FastAPI()
app.include_router(router)
