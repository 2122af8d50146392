# Clients of the project's own over requests, httpx and urllib: sessions, adapters, generated methods.
# file: app/__init__.py
# file: app/client.py
import json
import urllib.request
from functools import partialmethod
from typing import Any, Self

import httpx
import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry


class ApiError(Exception): ...


class BaseClient:
    base_url = "https://api"
    session_class = requests.Session

    def __init__(self, token: str) -> None:
        self.session = self.session_class()
        self.session.headers["Authorization"] = token
        self.session.mount("https://", HTTPAdapter(max_retries=Retry(3)))

    def request(self, method: str, path: str, **kwargs: Any) -> Any:
        response = self.session.request(method, self.base_url + path, timeout=3, **kwargs)
        response.raise_for_status()
        return response.json()

    get = partialmethod(request, "GET")
    post = partialmethod(request, "POST")

    def __getattr__(self, name):
        return Endpoint(self, name)


class Endpoint:
    def __init__(self, client: BaseClient, path: str) -> None:
        self.client = client
        self.path = path

    def __getattr__(self, name: str) -> "Endpoint":
        return Endpoint(self.client, f"{self.path}/{name}")

    def __call__(self, **params):
        return self.client.request("GET", self.path, params=params)


class Fluent:
    def __init__(self) -> None:
        self.params: dict[str, str] = {}
        self._http = httpx.Client()

    def where(self, **params: str) -> Self:
        self.params.update(params)
        return self

    def all(self) -> list:
        return self._http.get("/x", params=self.params).json()

    def __iter__(self):
        page = 0
        while True:
            rows = self._http.get("/x", params={"page": str(page)}).json()
            if not rows:
                return
            yield from rows
            page += 1


class SlackLike:
    def __init__(self, transport=None) -> None:
        self.transport = transport or self._send

    def _send(self, payload):
        request = urllib.request.Request("http://x", json.dumps(payload).encode())
        with urllib.request.urlopen(request) as response:
            return response.read()

    def notify(self, text):
        return self.transport({"text": text})


def quiet(payload):
    return payload
# file: app/main.py
import functools

from app.client import BaseClient, Fluent, SlackLike, quiet
from fastapi import Depends, FastAPI, Request

app = FastAPI()
app.state.client = BaseClient("t")


def get_client(request: Request):
    return request.app.state.client


@app.get("/a")
async def a(client: BaseClient = Depends(get_client)):
    client.get("/users")  # expect: RW301
    return client.users.list(page=1)  # expect: RW301


@app.get("/b")
async def b():
    rows = Fluent().where(name="x").all()  # expect: RW301
    more = [row for row in Fluent().where(name="y")]  # expect: RW301
    return rows, more


@app.get("/c")
async def c():
    SlackLike().notify("x")  # expect: RW301
    SlackLike(quiet).notify("x")


@app.get("/d")
async def d(request: Request):
    client = request.app.state.client
    send = functools.partial(client.request, "POST", "/x")
    return send(json={})  # expect: RW301
