# A check of the scheme leaves every host of the inside open; a check of the host does not
# file: app/__init__.py
# file: app/urls.py
import ipaddress
import re
import socket
from urllib.parse import urlparse

from fastapi import HTTPException

HTTP = re.compile(r"^https?://")


def refuse_inside(url: str) -> str:
    host = urlparse(url).hostname
    if host is None:
        raise HTTPException(400)
    if ipaddress.ip_address(socket.gethostbyname(host)).is_private:
        raise HTTPException(400)
    return url
# file: app/main.py
from urllib.parse import urlparse

import httpx
from fastapi import FastAPI, HTTPException, Request

from app.urls import HTTP, refuse_inside

app = FastAPI()
client = httpx.AsyncClient(timeout=5)


@app.get("/a")
async def a(url: str) -> str:
    parsed = urlparse(url)
    if parsed.scheme not in ("http", "https"):
        raise HTTPException(400)
    return (await client.get(url)).text  # expect: RW620


@app.get("/b")
async def b(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise HTTPException(400)
    return (await client.get(url)).text  # expect: RW620


@app.get("/c")
async def c(url: str) -> str:
    if not HTTP.match(url):
        raise HTTPException(400)
    return (await client.get(url)).text


@app.get("/d")
async def d(url: str) -> str:
    if not url.startswith("https://api.example.com/"):
        raise HTTPException(400)
    return (await client.get(url)).text


@app.get("/e")
async def e(url: str) -> str:
    parsed = urlparse(url)
    if parsed.scheme != "https" or parsed.hostname not in {"api.example.com"}:
        raise HTTPException(400)
    return (await client.get(url)).text


@app.get("/f")
async def f(url: str) -> str:
    return (await client.get(refuse_inside(url))).text


@app.get("/g")
async def g(request: Request) -> str:
    url = request.query_params["url"]
    request = client.build_request("GET", url)
    return (await client.send(request)).text  # expect: RW620
