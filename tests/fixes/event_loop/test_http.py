"""Calls of `requests` as calls of an asynchronous client, run against a server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mending import mend

requests = pytest.importorskip("requests")
httpx = pytest.importorskip("httpx")

SERVICE = """\
import json

import httpx
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
async def work(base: str):
{body}
"""


JSON = "application/json"


class Handler(BaseHTTPRequestHandler):
    """Answers with what it was sent; some paths redirect, fail or answer nothing."""

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length).decode()
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/there")
            self.end_headers()
            return
        status = int(self.path.rpartition("-")[2]) if "-" in self.path else 200
        answer = {
            "method": self.command,
            "path": self.path,
            "sent": json.loads(sent) if self.headers["Content-Type"] == JSON else sent,
            "type": self.headers.get("Content-Type"),
            "mark": self.headers.get("X-Mark"),
        }
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = answer  # noqa: N815


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def result(source: str, base: str) -> Any:
    """Run the handler of a service and return what it returns."""
    names: dict[str, Any] = {}
    exec(source, names)

    async def main() -> object:
        try:
            return await names["work"](base)
        finally:
            if "http_client" in names:
                await names["http_client"].aclose()

    return asyncio.run(main())


@pytest.mark.parametrize(
    "body",
    [
        'return requests.get(base + "/x", params={"q": "a b"}).json()',
        'return requests.get(base + "/x", {"q": 1}, headers={"X-Mark": "m"}).json()',
        'r = requests.post(base + "/x", json={"a": [1]}, timeout=3)\n    return r.json()',
        'r = requests.post(base + "/x", {"a": "b c"})\n    return r.json()',
        'r = requests.put(base + "/x", data=json.dumps({"a": 1}), '
        'headers={"Content-Type": "application/json"})\n    return r.json()',
        'return requests.get(base + "/moved").json()',
        'return requests.get(base + "/moved", allow_redirects=False).status_code',
        'return requests.head(base + "/moved").status_code',
        'r = requests.get(url=base + "/s-404", timeout=(2, 3))\n'
        "    return r.ok, r.status_code, r.reason, str(r.url), not r.ok",
        "try:\n"
        '        r = requests.get(base + "/s-500")\n'
        "        r.raise_for_status()\n"
        "    except requests.exceptions.HTTPError as error:\n"
        "        return error.response.status_code",
        "try:\n"
        '        requests.get("http://127.0.0.1:1/", timeout=1)\n'
        "    except (requests.ConnectionError, requests.Timeout):\n"
        '        return "refused"',
        "try:\n"
        '        return requests.get(base + "/moved-204", timeout=1).json()\n'
        "    except requests.exceptions.RequestException:\n"
        '        return "failed"',
        'r = None\n    if base:\n        r = requests.delete(base + "/x")\n'
        "    return r.text if r is not None else 0",
    ],
)
def test_conversion_does_the_same(tmp_path: Path, base: str, body: str) -> None:
    text = SERVICE.format(body=f"    {body}")

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW301",))

    assert outcome.refused == ()
    assert "await http_client." in texts["main.py"]
    assert "import requests" not in texts["main.py"]
    assert all(p.fix.note and not p.fix.safe for p in outcome.applied)
    assert result(texts["main.py"], base) == result(text, base)


@pytest.mark.parametrize(
    "body",
    [
        # the answer goes on to somebody else
        "return requests.get(base)",
        "r = requests.get(base)\n    return handle(r)",
        # what httpx has no like for, or in another place
        "return requests.get(base, verify=False).json()",
        "return requests.get(base, stream=True).status_code",
        'return requests.delete(base, json={"a": 1}).json()',
        "r = requests.get(base)\n    return list(r.iter_content())",
        # an exception that is not told apart there
        "try:\n        return requests.get(base).json()\n"
        "    except requests.exceptions.RetryError:\n        return 1",
        # a session keeps more than cookies
        "s = requests.Session()\n    return s.get(base).json()",
        # it may be text or fields
        "return requests.post(base, data=json.loads(base)).json()",
    ],
)
def test_what_has_no_like_runs_in_a_thread(tmp_path: Path, body: str) -> None:
    text = SERVICE.format(body=f"    {body}") + "\n\ndef handle(r): ...\n"

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW301",))

    assert outcome.refused == ()
    assert "await asyncio.to_thread(" in texts["main.py"]
    assert "http_client" not in texts["main.py"]


def test_library_must_be_the_projects(tmp_path: Path) -> None:
    text = SERVICE.format(body="    return requests.get(base).json()")
    text = text.replace("import httpx\n", "")

    texts, _ = mend(tmp_path / "a", {"main.py": text}, select=("RW301",))
    required = {"main.py": text, "pyproject.toml": 'dependencies = ["httpx2>=2"]\n'}
    others, _ = mend(tmp_path / "b", required, select=("RW301",))

    assert "asyncio.to_thread" in texts["main.py"]
    assert "http_client = httpx2.AsyncClient(" in others["main.py"]


def test_several_files_share_one_client_that_the_lifespan_closes(
    tmp_path: Path,
) -> None:
    main = """\
from contextlib import asynccontextmanager

import httpx
import requests
from fastapi import FastAPI

from app import other


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(other.router)


@app.get("/a")
async def work() -> int:
    return requests.get("https://example.com").status_code
"""
    other = """\
import requests
from fastapi import APIRouter

router = APIRouter()


@router.get("/b")
async def work() -> int:
    return requests.get("https://example.com", timeout=2).status_code
"""
    texts, outcome = mend(
        tmp_path,
        {"app/__init__.py": "", "app/main.py": main, "app/other.py": other},
        select=("RW301",),
    )

    assert outcome.refused == ()
    assert texts["app/http_client.py"].count("AsyncClient(") == 1
    assert "    yield\n    await http_client.aclose()\n" in texts["app/main.py"]
    for path in ("app/main.py", "app/other.py"):
        assert "from app.http_client import http_client" in texts[path]
        assert "(await http_client.get(" in texts[path]
        assert "requests" not in texts[path]
    assert "AsyncClient" not in texts["app/main.py"] + texts["app/other.py"]


ONE = """\
import httpx
import requests
from fastapi import FastAPI
{imports}
{before}app = FastAPI({arguments})


@app.get("/a")
async def work() -> int:
    return requests.get("https://example.com").status_code
"""
LIFESPAN = """\

@asynccontextmanager
async def lifespan(app: FastAPI):
    async with pool():
        yield {"a": 1}


"""
MANAGER = "from contextlib import asynccontextmanager\n"


def test_client_of_one_file_is_closed_in_its_lifespan(tmp_path: Path) -> None:
    text = ONE.format(imports=MANAGER, before=LIFESPAN, arguments="lifespan=lifespan")

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW301",))

    assert outcome.refused == ()
    assert 'yield {"a": 1}\n        await http_client.aclose()\n' in texts["main.py"]
    assert texts["main.py"].count("AsyncClient(") == 1
    assert "http_client.py" not in texts
    assert "no lifespan" not in outcome.applied[0].fix.note


@pytest.mark.parametrize("imports", ["", "\nANSWER = 42\n\n"])
def test_application_without_a_lifespan_is_given_one(
    tmp_path: Path, imports: str
) -> None:
    text = ONE.format(imports=imports, before="", arguments='title="A"')

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW301",))

    assert outcome.refused == ()
    assert (
        "@asynccontextmanager\n"
        "async def lifespan(app: FastAPI) -> AsyncIterator[None]:\n"
        "    yield\n"
        "    await http_client.aclose()\n\n\n"
        'app = FastAPI(title="A", lifespan=lifespan)\n'
    ) in texts["main.py"]
    names: dict[str, Any] = {}
    exec(texts["main.py"], names)

    async def run() -> None:
        async with names["app"].router.lifespan_context(names["app"]):
            assert not names["http_client"].is_closed

    asyncio.run(run())
    assert names["http_client"].is_closed


def test_client_is_closed_where_the_application_stops(tmp_path: Path) -> None:
    hook = '@app.on_event("shutdown")\nasync def stop() -> None:\n    print("end")\n'
    text = f'{ONE.format(imports="", before="", arguments="")}\n\n{hook}'

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW301",))

    assert outcome.refused == ()
    assert '    print("end")\n    await http_client.aclose()\n' in texts["main.py"]
    assert "lifespan" not in texts["main.py"]


def test_client_of_another_file_than_the_lifespan_has_a_module_of_its_own(
    tmp_path: Path,
) -> None:
    main = (
        "from fastapi import FastAPI\n\nfrom app import other\n\n"
        "app = FastAPI()\napp.include_router(other.router)\n"
    )
    other = ONE.replace("FastAPI", "APIRouter").replace("app", "router")
    other = other.format(imports="", before="", arguments="")

    texts, outcome = mend(
        tmp_path,
        {"app/__init__.py": "", "app/main.py": main, "app/other.py": other},
        select=("RW301",),
    )

    assert outcome.refused == ()
    assert texts["app/http_client.py"].count("AsyncClient(") == 1
    assert "    yield\n    await http_client.aclose()\n" in texts["app/main.py"]
    assert "app = FastAPI(lifespan=lifespan)\n" in texts["app/main.py"]


def test_client_stays_open_where_tests_start_the_application_again(
    tmp_path: Path,
) -> None:
    text = ONE.format(imports=MANAGER, before=LIFESPAN, arguments="lifespan=lifespan")
    test = (
        "def test_a():\n    with TestClient(app) as client:\n        client.get('/')\n"
    )

    texts, outcome = mend(
        tmp_path, {"main.py": text, "tests/test_a.py": test}, select=("RW301",)
    )

    assert "await http_client.get(" in texts["main.py"]
    assert "aclose" not in texts["main.py"]
    assert "the client is not closed" in outcome.applied[0].fix.note


@pytest.mark.parametrize(
    "test",
    [
        "import requests_mock\n",
        "from unittest.mock import patch\n\n\ndef test_a():\n"
        '    with patch("main.requests.get"):\n        pass\n',
    ],
)
def test_calls_that_tests_replace_stay(tmp_path: Path, test: str) -> None:
    text = SERVICE.format(body="    return requests.get(base).json()")

    texts, _ = mend(
        tmp_path, {"main.py": text, "tests/test_a.py": test}, select=("RW301",)
    )

    assert "asyncio.to_thread(requests.get" in texts["main.py"]


SESSION = """\
from contextlib import asynccontextmanager

import httpx
import requests
from fastapi import FastAPI

session = requests.Session()
session.headers.update({"X-Mark": "mine"})


@asynccontextmanager
async def lifespan(app: FastAPI):
    yield
    session.close()


app = FastAPI(lifespan=lifespan)


@app.get("/a")
async def work(base: str):
    try:
        answer = session.get(base + "/x", timeout=3)
        answer.raise_for_status()
    except requests.RequestException:
        return None
    return answer.json()
"""


def test_session_of_a_module_becomes_a_client(tmp_path: Path, base: str) -> None:
    texts, outcome = mend(tmp_path, {"main.py": SESSION}, select=("RW301",))

    assert outcome.refused == ()
    text = texts["main.py"]
    assert "session = httpx.AsyncClient(timeout=30, follow_redirects=True)" in text
    assert "answer = await session.get(base" in text
    assert "except httpx.HTTPError:" in text
    assert "    await session.aclose()" in text
    assert "requests" not in text
    expected = result(SESSION, base)
    assert expected and expected["mark"] == "mine"
    text = text.replace("session", "http_client")  # which `result` closes
    assert result(text, base) == expected


@pytest.mark.parametrize(
    "change",
    [
        # used by a plain function too
        (
            "app = ",
            "def other():\n    return session.get('x')\n\n\napp = ",
        ),
        # handed on
        ("app = ", "print(session)\n\n\napp = "),
        # set up in a way that httpx has not
        ("app = ", "session.verify = False\n\n\napp = "),
        # another one at times
        ("app = ", "session = requests.Session()\n\n\napp = "),
    ],
)
def test_session_that_stays_is_used_in_threads(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    text = SESSION.replace(*change)

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW301",))

    assert outcome.refused == ()
    assert "session = requests.Session()" in texts["main.py"]
    assert "await asyncio.to_thread(session.get, base" in texts["main.py"]
