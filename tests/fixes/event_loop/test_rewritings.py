"""Sleeping, processes, implicit calls and handlers: what each of them becomes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mending import HEAD, mend, mended
from roadworthy.fixes.rounds import Options
from roadworthy.output.fixes import report
from roadworthy.project.reports import pack_report, unpack_report


def test_sleep_imported_by_name(tmp_path: Path) -> None:
    body = """\
from time import sleep
---
@app.get("/a")
async def wait() -> str:
    sleep(0.1)
    return "done"
"""
    texts, _ = mend(
        tmp_path,
        {
            "main.py": body.replace(
                "---", "from fastapi import FastAPI\napp = FastAPI()"
            )
        },
        unsafe=False,
    )

    assert "await asyncio.sleep(0.1)" in texts["main.py"]
    assert "from time" not in texts["main.py"]


def test_helper_that_sleeps_is_called_in_a_thread(tmp_path: Path) -> None:
    body = """\
import time
---
def work(count: float, *, name: str) -> int:
    time.sleep(count)
    return len(name)


@app.get("/a")
async def wait() -> bool:
    return not work(0.001, name="x").bit_length()
"""
    assert (
        'return not (await asyncio.to_thread(work, 0.001, name="x")).bit_length()'
        in mended(tmp_path, body)
    )


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            'subprocess.run(["true", name], check=True)',
            """\
    process = await asyncio.create_subprocess_exec("true", name)
    await process.wait()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, ["true", name])
""",
        ),
        (
            'done = subprocess.run(["true"], cwd="/")\n    print(done.returncode)',
            """\
    process = await asyncio.create_subprocess_exec("true", cwd="/")
    await process.wait()
    print(process.returncode)
""",
        ),
        (
            'subprocess.run("true", shell=True)',
            '    await asyncio.to_thread(subprocess.run, "true", shell=True)\n',
        ),
        (
            'subprocess.run(["true"], timeout=3)',
            '    await asyncio.to_thread(subprocess.run, ["true"], timeout=3)\n',
        ),
        (
            'keep(subprocess.run(["true"]))',
            '    keep(await asyncio.to_thread(subprocess.run, ["true"]))\n',
        ),
        (
            'print(subprocess.check_output(["true"]))',
            '    print(await asyncio.to_thread(subprocess.check_output, ["true"]))\n',
        ),
    ],
)
def test_process(tmp_path: Path, call: str, expected: str) -> None:
    body = f"""\
import subprocess
---
def keep(done: object) -> None: ...


@app.get("/a")
async def work(name: str) -> None:
    {call}
"""
    assert mended(tmp_path, body, unsafe=False).endswith(
        f"async def work(name: str) -> None:\n{expected}"
    )


@pytest.mark.parametrize(
    "call",
    [
        'done = subprocess.run(["printf", "%s", name], capture_output=True)\n'
        "    return done.stdout, done.stderr, done.returncode",
        'done = subprocess.run(["sh", "-c", "echo x >&2; exit 3"], capture_output=True, '
        "text=True)\n    return done.stdout, done.stderr, done.returncode",
        'try:\n        subprocess.run(["false"], check=True)\n'
        "    except subprocess.CalledProcessError as error:\n"
        "        return error.returncode, error.cmd",
        'return subprocess.check_output(["echo", name])',
        'return subprocess.call(["false"])',
    ],
)
def test_process_does_the_same(tmp_path: Path, call: str) -> None:
    text = f"""\
import asyncio
import subprocess

from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
async def work(name: str):
    {call}
"""

    def outcome(source: str) -> object:
        names: dict[str, Any] = {}
        exec(source, names)
        return asyncio.run(names["work"]("it"))

    texts, fixed = mend(tmp_path, {"main.py": text})

    assert fixed.refused == ()
    assert texts["main.py"] != text
    assert outcome(texts["main.py"]) == outcome(text)


STORE = """\
import time


class Store:
    def __init__(self) -> None:
        self.log: list[object] = []

    def __getitem__(self, key: str) -> str:
        time.sleep(0.001)
        self.log.append(("get", key))
        return key

    def __setitem__(self, key: str, value: object) -> None:
        time.sleep(0.001)
        self.log.append(("set", key, value))

    def __delitem__(self, key: str) -> None:
        time.sleep(0.001)
        self.log.append(("del", key))

    def __contains__(self, key: object) -> bool:
        time.sleep(0.001)
        self.log.append(("in", key))
        return key == "a"

    def __len__(self) -> int:
        time.sleep(0.001)
        self.log.append(("len",))
        return 0

    @property
    def first(self) -> str:
        time.sleep(0.001)
        self.log.append(("first",))
        return "one"

    def pairs(self):
        for key in ("x", "y"):
            time.sleep(0.001)
            yield key


store = Store()
"""


@pytest.mark.parametrize(
    ("code", "becomes"),
    [
        ("return store[key] + 'x'", "operator.getitem, store, key"),
        ("store[key] = {'k': key}", "operator.setitem, store, key, {'k': key})"),
        ("del store[key]", "operator.delitem, store, key"),
        ("return key in store", "operator.contains, store, key"),
        ("return key not in store", "return not await asyncio.to_thread("),
        ("return 1 if not store else 2", "not await asyncio.to_thread(bool, store)"),
        (
            "return store.first.upper()",
            "(await asyncio.to_thread(lambda: store.first))",
        ),
        (
            "return [p for p in store.pairs()]",
            "for p in await asyncio.to_thread(list, store.pairs())",
        ),
    ],
)
def test_implicit_call(tmp_path: Path, code: str, becomes: str) -> None:
    text = f"""\
{STORE}
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
async def work(key: str):
    {code}
"""

    def outcome(source: str) -> object:
        names: dict[str, Any] = {}
        exec(source, names)
        return asyncio.run(names["work"]("a")), names["store"].log

    texts, fixed = mend(tmp_path, {"main.py": text})

    assert fixed.refused == ()
    assert becomes in texts["main.py"].replace('"', "'")
    assert outcome(texts["main.py"]) == outcome(text)


def test_handler_without_blocking_becomes_async(tmp_path: Path) -> None:
    body = """\
import json
---
@app.get("/a")
def read(name: str) -> str:
    return name.upper()


async def direct() -> str:
    return read("x")
"""
    assert mended(tmp_path, body, unsafe=False) == """\
@app.get("/a")
async def read(name: str) -> str:
    return name.upper()


async def direct() -> str:
    return await read("x")
"""


def test_handler_with_its_blocking_calls_in_threads(tmp_path: Path) -> None:
    body = """\
import time
---
def slow() -> None:
    time.sleep(1)


@app.get("/a")
def read(name: str) -> str:
    slow()
    time.sleep(1)
    return name
"""
    texts = mended(tmp_path, body)

    assert """\
async def read(name: str) -> str:
    await asyncio.to_thread(slow)
    await asyncio.sleep(1)
    return name
""" in texts


@pytest.mark.parametrize(
    "handler",
    [
        # counts on its thread
        "    return asyncio.run(other())",
        # what blocks cannot be awaited there
        "    return str(any(time.sleep(0.001) for n in name))",
    ],
)
def test_handler_that_stays(tmp_path: Path, handler: str) -> None:
    text = f"""\
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


async def other() -> str:
    return "x"


@app.get("/a")
def read(name: str) -> str:
{handler}
"""
    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW104",))

    assert texts["main.py"] == text
    assert outcome.refused == ()


def test_session_is_not_moved_to_a_thread(tmp_path: Path) -> None:
    text = """\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


def get_db():
    with factory() as db:
        yield db


def count(db: Session) -> int:
    return db.scalar(text("SELECT 1"))


@app.get("/a")
async def read(db: Annotated[Session, Depends(get_db)]) -> int:
    return count(db)
"""
    texts, outcome = mend(tmp_path, {"main.py": text})

    assert texts["main.py"] == text
    (left,) = outcome.after.findings
    assert left.rule == "RW302"
    assert "--migrate-async-db" in left.unfixed
    told = "\n".join(report(outcome, Options(unsafe=True)))
    assert f"main.py:{left.line}  RW302: {left.unfixed}" in told
    assert unpack_report(pack_report(outcome.after)) == outcome.after


def test_plain_startup_hook_becomes_coroutine_function(tmp_path: Path) -> None:
    body = """\
import os
---
@app.on_event("startup")
def prepare() -> None:
    os.makedirs("data", exist_ok=True)
    os.chmod("data", 0o700)


def leave() -> None:
    os.rmdir("data")


app.add_event_handler("shutdown", leave)
"""
    assert mended(tmp_path, body, unsafe=False) == """\
@app.on_event("startup")
async def prepare() -> None:
    await asyncio.to_thread(os.makedirs, "data", exist_ok=True)
    await asyncio.to_thread(os.chmod, "data", 0o700)


async def leave() -> None:
    await asyncio.to_thread(os.rmdir, "data")


app.add_event_handler("shutdown", leave)
"""


@pytest.mark.parametrize(
    ("steps", "becomes"),
    [
        ("yield name", "async def read"),
        ("yield from name", "\ndef read"),
        ("yield name\n    return 1", "\ndef read"),
    ],
)
def test_streaming_handler(tmp_path: Path, steps: str, becomes: str) -> None:
    body = f"""\
import json
---
@app.get("/a")
def read(name: str):
    {steps}
"""
    assert becomes in mended(tmp_path, body, unsafe=False)


@pytest.mark.parametrize("name", ["asyncio", "operator"])
def test_name_that_is_something_else_is_not_used(tmp_path: Path, name: str) -> None:
    text = f"""\
{STORE}
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
async def work(key: str, {name}: int = 1):
    return store[key]
"""
    texts, outcome = mend(tmp_path, {"main.py": text})

    assert texts["main.py"] == text
    assert f"`{name}` is the name of something else" in (
        outcome.after.findings[0].unfixed
    )


@pytest.mark.parametrize(
    ("helper", "is_safe"),
    [
        ("    found = []\n    found.append(os.stat(name))\n    return found", True),
        ("    SEEN.append(name)\n    return os.stat(name)", False),
        ("    SEEN[:] = [name]\n    return os.stat(name)", False),
        ("    global LAST\n    LAST = name\n    return os.stat(name)", False),
    ],
)
def test_only_a_helper_that_changes_nothing_is_moved_safely(
    tmp_path: Path, helper: str, is_safe: bool
) -> None:
    body = f"""\
import os
---
SEEN: list[str] = []
LAST = ""


def look(name: str) -> object:
{helper}


@app.get("/a")
async def work(name: str) -> str:
    return str(look(name))
"""
    moved = "str(await asyncio.to_thread(look, name))"

    assert (moved in mended(tmp_path / "safe", body, unsafe=False)) is is_safe
    assert moved in mended(tmp_path / "unsafe", body)


def test_chain_that_does_more_than_its_session_is_not_moved_either(
    tmp_path: Path,
) -> None:
    text = """\
from typing import Annotated

import requests
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


class Orders:
    def __init__(self, db: Session) -> None:
        self._db = db

    def place(self, name: str) -> int:
        self._db.execute(text("SELECT 1"))
        return requests.get("https://example.com", timeout=5).status_code


def get_db():
    with factory() as db:
        yield db


def get_orders(db: Annotated[Session, Depends(get_db)]) -> Orders:
    return Orders(db)


@app.get("/a")
async def read(name: str, orders: Annotated[Orders, Depends(get_orders)]) -> int:
    return orders.place(name)
"""
    texts, outcome = mend(tmp_path, {"main.py": text}, deep=True)

    assert texts["main.py"] == text
    assert [f.rule for f in outcome.after.findings] == ["RW301"]
    assert all("--migrate-async-db" in f.unfixed for f in outcome.after.findings)


DJANGO = """\
from django.db import models
from fastapi import FastAPI, Request

app = FastAPI()


class Agent(models.Model):
    name = models.TextField()


@app.get("/a")
def work(request: Request, number: int):
{body}
"""


@pytest.mark.parametrize(
    "body",
    [
        # what a middleware put there may be a model
        "user = request.user.object\n    user.delete()",
        "return request.state.agent.owner.name",
        # a related object is loaded when it is asked for
        "agent = Agent.objects.get(id=number)\n    return agent.owner.name",
        # a set of them, when it is gone through
        "return [agent.id for agent in Agent.objects.all()]",
    ],
)
def test_handler_that_may_load_models_on_access_stays_in_its_thread(
    tmp_path: Path, body: str
) -> None:
    text = DJANGO.format(body=f"    {body}")

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW104",))

    assert texts["main.py"] == text
    (finding,) = outcome.after.findings
    assert "Django" in finding.unfixed


def test_handler_of_a_django_service_that_loads_nothing_becomes_a_coroutine(
    tmp_path: Path,
) -> None:
    text = DJANGO.format(body='    return request.headers.get("x"), number')

    texts, outcome = mend(tmp_path, {"main.py": text}, select=("RW104",))

    assert "async def work(" in texts["main.py"]
    assert "Django refuses queries" in outcome.applied[0].fix.note


STEPS = """\
import asyncio
import json
import os
import tempfile
import time
from pathlib import Path
---
STORE = Path("store.json")
CACHE: dict[str, int] = {{}}


def load() -> dict[str, int]:
    return json.loads(STORE.read_text())


def save(data: dict[str, int]) -> None:
    STORE.write_text(json.dumps(data))


def compute(key: str) -> int:
    return int(Path(key).read_text())


def count() -> None:
    STORE.write_text(str(int(STORE.read_text()) + 1))


async def other() -> None: ...


class Counter:
    def __init__(self) -> None:
        self.value = 0

    def told(self) -> int:
        return self.value

    async def up(self) -> None:
        {method}


counter = Counter()
lock = asyncio.Lock()


@app.post("/a")
async def work(key: str) -> None:
    {handler}
    await counter.up()
"""


def _of_step(tmp_path: Path, handler: str, method: str) -> tuple[str, list[str]]:
    def lines(text: str, indent: str) -> str:
        return text.replace("\n", f"\n{indent}")

    body = STEPS.format(handler=lines(handler, "    "), method=lines(method, " " * 8))
    imports, _, rest = body.partition("---\n")
    folder = tmp_path / "service"
    text = f"{imports}\n{HEAD}{rest}"
    texts, _ = mend(folder, {"main.py": text}, unsafe=False)
    _, unsafe = mend(folder, {"main.py": text})
    notes = [p.fix.note for p in unsafe.applied if not p.fix.safe]
    return texts["main.py"], notes


@pytest.mark.parametrize(
    ("handler", "shared"),
    [
        (
            "data = json.loads(STORE.read_text())\ndata[key] = 1\n"
            "STORE.write_text(json.dumps(data))",
            "STORE",
        ),
        ("data = load()\ndata[key] = 1\nsave(data)", "STORE"),
        ("if key not in CACHE:\n    CACHE[key] = compute(key)", "CACHE"),
        ("n = CACHE[key]\ntime.sleep(0.1)\nCACHE[key] = n + 1", "CACHE"),
        ("if not os.path.exists(key):\n    os.mkdir(key)", "key"),
        (
            "path = os.path.join('/tmp', key)\nif os.path.exists(path):\n"
            "    os.remove(path)",
            "path",
        ),
        ("count()", "STORE"),
    ],
)
def test_await_within_a_step_of_shared_state_is_not_safe(
    tmp_path: Path, handler: str, shared: str
) -> None:
    text, notes = _of_step(tmp_path, handler, "pass")

    assert "await asyncio" not in text
    assert notes
    assert all(f"`{shared}`" in n and "`asyncio.Lock` around" in n for n in notes)


@pytest.mark.parametrize(
    "method",
    [
        "value = self.value\ntime.sleep(0.1)\nself.value = value + 1",
        "value = self.told()\ntime.sleep(0.1)\nself.value = value + 1",
        "self.value += len(Path('a').read_text())",
    ],
)
def test_await_within_a_step_on_an_object_is_not_safe(
    tmp_path: Path, method: str
) -> None:
    text, notes = _of_step(tmp_path, "pass", method)

    assert "await asyncio" not in text
    assert notes == [
        "between its uses of `self.value`, one step up to now, other requests may run: "
        "hold an `asyncio.Lock` around them"
    ]


@pytest.mark.parametrize(
    "handler",
    [
        "text = STORE.read_text()\nawait other()\nSTORE.write_text(text)",
        "Path(key).write_text(STORE.read_text())",
        "time.sleep(0.1)\nCACHE[key] = CACHE.get(key, 0) + 1",
        "async with lock:\n    n = CACHE[key]\n    time.sleep(0.1)\n    CACHE[key] = n + 1",
        "if key in CACHE:\n    CACHE[key] += 1\nelse:\n    time.sleep(0.1)",
        "folder = tempfile.mkdtemp()\nos.mkdir(folder + key)\nos.rmdir(folder + key)",
        "if not STORE.parent.exists():\n    STORE.parent.mkdir(exist_ok=True)",
    ],
)
def test_await_that_parts_no_step_is_safe(tmp_path: Path, handler: str) -> None:
    text, notes = _of_step(tmp_path, handler, "pass")

    assert notes == []
    assert "await asyncio." in text


def test_generator_that_becomes_a_list_says_so(tmp_path: Path) -> None:
    body = """\
from collections.abc import Iterator
---
def lines(name: str) -> Iterator[str]:
    with open(name) as file:
        yield from file


@app.get("/a")
async def work(name: str) -> str:
    for line in lines(name):
        return line
    return ""
"""
    imports, _, rest = body.partition("---\n")
    texts, outcome = mend(tmp_path, {"main.py": f"{imports}\n{HEAD}{rest}"})

    assert "in await asyncio.to_thread(list, lines(name)):" in texts["main.py"]
    (fix,) = [proposal.fix for proposal in outcome.applied]
    assert not fix.safe
    assert fix.note.startswith("`lines` is gone through to its end in a worker thread")
