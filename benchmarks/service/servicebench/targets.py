"""The services that are compared, and how each is set up and asked the same things."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servicebench import service
from servicebench.client import ask, expect
from servicebench.database import Postgres
from servicebench.process import StartError, call, free_port, server
from servicebench.wrk import NUMBER, Request

ROWS = 300
"""The rows of the one user whose items are read."""

SECRET = "benchmark-secret-benchmark-secret-benchmark-secret"
PASSWORD = "correct horse battery staple"
TITLE, DESCRIPTION = "A title of some length", "A description of some more length."

_IGNORED = shutil.ignore_patterns(
    ".venv", "__pycache__", ".git", "node_modules", "*.db"
)


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers, and the three things to ask it.

    `session` is that of its processes, for `cpu_seconds`.
    """

    session: int
    read: Request
    list: Request
    create: Request

    def requests(self) -> dict[str, Request]:
        """Return the three by name, in the order in which they are measured."""
        return {"read one": self.read, "list 50": self.list, "create": self.create}


@dataclass(frozen=True, slots=True)
class Target:
    """A service to measure: which one, where it lies, the Python that runs it."""

    kind: str
    path: Path
    python: Path
    workers: int = 1


@contextlib.contextmanager
def running(target: Target, cluster: Postgres, redis: str) -> Iterator[Running]:
    """Set a service up on an empty database and run it until the block is left.

    It runs from a copy; the tree itself is never written to.
    """
    with tempfile.TemporaryDirectory(prefix="servicebench-") as name:
        folder = Path(name) / "tree"
        shutil.copytree(
            target.path, folder, ignore=_IGNORED, ignore_dangling_symlinks=True
        )
        database = f"bench_{target.kind}"
        cluster.create(database)
        start = {
            "service": _service,
            "limit": _limit,
            "template": _template,
            "boilerplate": _boilerplate,
        }[target.kind]
        try:
            with start(target, folder, cluster, database, redis) as found:
                check(found)
                yield found
        except RuntimeError as error:
            said = (folder / "server.log").read_text(errors="replace")[-3000:]
            raise StartError(f"{target.kind}: {error}\n{said}") from error


def check(found: Running) -> None:
    """See to it that each request does what its name says. Raises `RuntimeError`."""
    for name, request in found.requests().items():
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        text = (request.body or "null").replace(NUMBER, str(time.time_ns()))
        body = json.loads(text)
        answer = ask(request.method, request.url, body=body, token=token or None)
        value = expect(answer, 201 if request.body and answer.status == 201 else 200)
        rows = value.get("items", value.get("data"))
        if name == "list 50" and not (isinstance(rows, list) and len(rows) == 50):
            raise RuntimeError(f"{request.url} does not list 50 rows: {value}")
        if name != "list 50" and TITLE not in json.dumps(value):
            raise RuntimeError(f"{request.url} answers something else: {value}")


def _words(target: Target, application: str, port: int) -> list[str]:
    words = [str(target.python), "-m", "uvicorn", application, "--port", str(port)]
    # Of none of them is the access log wanted, and all have the same number of workers.
    words += ["--no-access-log", "--workers", str(target.workers)]
    return words


def _bearer(token: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _requests(
    session: int,
    base: str,
    token: object,
    one: str,
    many: str,
    create: str,
    body: object,
) -> Running:
    sent = {**_bearer(token), "Content-Type": "application/json"}
    return Running(
        session,
        Request(base + one, headers=_bearer(token)),
        Request(base + many, headers=_bearer(token)),
        Request(base + create, "POST", sent, json.dumps(body)),
    )


@contextlib.contextmanager
def _template(
    target: Target, folder: Path, cluster: Postgres, database: str, redis: str
) -> Iterator[Running]:
    """`backend/` of fastapi/full-stack-fastapi-template."""
    _for_older_pythons(folder / "app")
    (folder / "app" / "frontend").mkdir(exist_ok=True)  # what its own build would fill
    settings = {
        "PROJECT_NAME": "benchmark",
        "SECRET_KEY": SECRET,
        "FIRST_SUPERUSER": "admin@example.com",
        "FIRST_SUPERUSER_PASSWORD": PASSWORD,
        "DATABASE_URL": cluster.url(database),
        "PYTHONPATH": str(folder),
    }
    call([str(target.python), "-m", "alembic", "upgrade", "head"], folder, settings)
    call([str(target.python), "app/initial_data.py"], folder, settings)
    port = free_port()
    base = f"http://127.0.0.1:{port}/api/v1"
    log = folder / "server.log"
    with server(
        _words(target, "app.main:app", port),
        folder,
        settings,
        f"{base}/utils/health-check/",
        log=log,
    ) as process:
        form = {"username": "reader@example.com", "password": PASSWORD}
        body = {"email": form["username"], "password": PASSWORD}
        expect(ask("POST", f"{base}/users/signup", body=body), 200)
        login = expect(ask("POST", f"{base}/login/access-token", form=form), 200)
        token = str(login["access_token"])
        body = {"title": TITLE, "description": DESCRIPTION}
        for _ in range(ROWS):
            item = expect(ask("POST", f"{base}/items/", body=body, token=token), 200)
        yield _requests(
            process.pid,
            base,
            token,
            f"/items/{item['id']}",
            "/items/?limit=50",
            "/items/",
            body,
        )


def _for_older_pythons(folder: Path) -> None:
    """Rewrite what only Python 3.14 reads, in a copy; nothing of it runs under load.

    There, annotations are evaluated late, and `except A, B` needs no parentheses.
    """
    for path in folder.rglob("*.py"):
        text = path.read_text()
        older = text.replace("list[Item]", 'list["Item"]')
        older = re.sub(r"except (\w+(?:, \w+)+):", r"except (\1):", older)
        if older != text:
            path.write_text(older)


@contextlib.contextmanager
def _boilerplate(
    target: Target, folder: Path, cluster: Postgres, database: str, redis: str
) -> Iterator[Running]:
    """benavlabs/FastAPI-boilerplate: reads are public, and cached in Redis."""
    host, _, number = redis.removeprefix("redis://").partition(":")
    settings = {"ENVIRONMENT": "production", "SECRET_KEY": SECRET}
    settings |= {"POSTGRES_SERVER": "127.0.0.1", "POSTGRES_PORT": str(cluster.port)}
    settings |= {"POSTGRES_USER": "postgres", "POSTGRES_DB": database}
    for use in ("CACHE", "QUEUE", "RATE_LIMIT"):
        settings |= {f"REDIS_{use}_HOST": host, f"REDIS_{use}_PORT": number}
    source = folder / "src"
    # Its locked fastcrud returns mappings, where its code takes attributes: mended in
    # the copy, without which every write answers 500.
    posts = source / "app" / "api" / "v1" / "posts.py"
    posts.write_text(
        re.sub(r"\b(db_user|db_post)\.id\b", r'\1["id"]', posts.read_text())
    )
    port = free_port()
    base = f"http://127.0.0.1:{port}/api/v1"
    settings["PYTHONPATH"] = str(source)
    log = folder / "server.log"
    with server(
        _words(target, "app.main:app", port),
        source,
        settings,
        f"{base}/users",
        log=log,
    ) as process:
        name = "reader"
        body: dict[str, str] = {
            "name": name,
            "username": name,
            "password": "Str1ng$tring",
        }
        body["email"] = "reader@example.com"
        expect(ask("POST", f"{base}/user", body=body), 201)
        form = {"username": name, "password": body["password"]}
        login = expect(ask("POST", f"{base}/login", form=form), 200)
        token = str(login["access_token"])
        body = {"title": TITLE, "text": DESCRIPTION}
        for _ in range(ROWS):
            post = expect(
                ask("POST", f"{base}/{name}/post", body=body, token=token), 201
            )
        yield _requests(
            *(process.pid, base, token, f"/{name}/post/{post['id']}"),
            *(f"/{name}/posts?items_per_page=50", f"/{name}/post", body),
        )


@contextlib.contextmanager
def _service(
    target: Target, folder: Path, cluster: Postgres, database: str, redis: str
) -> Iterator[Running]:
    """The template service, or one that `roadworthy new` has made, rate limits on."""
    with service.running(
        target.python, folder, cluster, database, workers=target.workers
    ) as (base, session):
        token = service.account(base, cluster, database).access
        body = {"title": TITLE, "description": DESCRIPTION}
        number = service.fill(base, token, ROWS, body)
        found = _requests(
            *(
                session,
                base,
                token,
                f"/items/{number}",
                "/items?limit=50",
                "/items",
                body,
            )
        )
        # Titles are unique for an owner: each request brings its own.
        yield dataclasses.replace(found, create=_numbered(found.create))


@contextlib.contextmanager
def _limit(
    target: Target, folder: Path, cluster: Postgres, database: str, redis: str
) -> Iterator[Running]:
    """Bare handlers on the tables of the service, which sets them up."""
    with service.running(target.python, folder, cluster, database) as (base, _):
        token = service.account(base, cluster, database).access
        body = {"title": TITLE, "description": DESCRIPTION}
        number = service.fill(base, token, ROWS, body)
    settings = {
        "DATABASE": cluster.url(database),
        "SECRET": service.SECRET,
        "ISSUER": service.issuer(folder),
        "PYTHONPATH": str(Path(__file__).resolve().parents[1]),
    }
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    words = _words(target, "servicebench.limit:app", port)
    with server(words, folder, settings, f"{base}/live", log=log) as process:
        found = _requests(
            *(
                process.pid,
                base,
                token,
                f"/items/{number}",
                "/items?limit=50",
                "/items",
                body,
            )
        )
        yield dataclasses.replace(found, create=_numbered(found.create))


def _numbered(request: Request) -> Request:
    """Return the request with a number in its title that no other request has."""
    body = (request.body or "").replace(TITLE, f"{TITLE} {NUMBER}")
    return dataclasses.replace(request, body=body)
