"""Work on files moves to a thread as a whole, and does there what it did."""

from __future__ import annotations

import asyncio
import gc
import textwrap
import warnings
from pathlib import Path
from typing import Any

import pytest

from mending import mend, mended

FASTAPI = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"


def test_file_read_whole_becomes_method_of_path(tmp_path: Path) -> None:
    body = """\
import json
---
@app.get("/a")
async def read(name: str) -> str:
    with open(name, encoding="utf-8") as file:
        text = file.read()
    return text
"""
    assert mended(tmp_path, body, unsafe=False) == """\
@app.get("/a")
async def read(name: str) -> str:
    text = await asyncio.to_thread(Path(name).read_text, encoding="utf-8")
    return text
"""


def test_path_of_fastapi_is_not_taken_for_that_of_pathlib(tmp_path: Path) -> None:
    body = """\
from fastapi import Path
---
@app.get("/a/{name}")
async def write(name: str = Path()) -> None:
    with open(f"/tmp/{name}", "wb") as file:
        file.write(b"x")
"""
    text = mended(tmp_path, body)

    assert (
        'await asyncio.to_thread(pathlib.Path(f"/tmp/{name}").write_bytes, b"x")'
        in (text)
    )


def test_number_of_a_file_is_not_made_a_path(tmp_path: Path) -> None:
    body = """\
import os
---
@app.get("/a")
async def read(number: int) -> str:
    with open(number) as file:
        return file.read()
"""
    assert mended(tmp_path, body) == """\
@app.get("/a")
async def read(number: int) -> str:
    def read_file() -> Any:
        with open(number) as file:
            return file.read()

    return await asyncio.to_thread(read_file)
"""


def test_block_becomes_function(tmp_path: Path) -> None:
    body = """\
import json
---
@app.get("/a")
async def read(name: str) -> dict[str, int]:
    print(name)
    with open(name) as file:  # the stock
        lines = file.readlines()
        data = json.loads(lines[0])
    return data
"""
    text = mended(tmp_path, body, unsafe=False)

    assert text == """\
@app.get("/a")
async def read(name: str) -> dict[str, int]:
    print(name)

    def read_data() -> Any:
        with open(name) as file:  # the stock
            lines = file.readlines()
            return json.loads(lines[0])

    data = await asyncio.to_thread(read_data)
    return data
"""


def test_handle_in_a_block_that_awaits_is_used_in_threads(tmp_path: Path) -> None:
    body = """\
import json
---
async def store(data: str) -> None: ...


@app.get("/a")
async def read(name: str) -> None:
    with open(name) as file:
        await store(file.read())
"""
    assert """\
    with await asyncio.to_thread(open, name) as file:
        await store(await asyncio.to_thread(file.read))
""" in mended(tmp_path, body, unsafe=False)


@pytest.mark.parametrize(
    "body",
    [
        # returns from several places
        "with {} as f:\n    if f.namelist():\n        return 1\n    return 2",
        # leaves the loop around it
        "for n in [name]:\n    with {} as f:\n        if f.namelist():\n            break",
        # changes a name of the function
        "total = 0\nwith {} as f:\n    total += len(f.namelist())\nreturn total",
        # what it binds may stay unbound
        "with {} as f:\n    if f.namelist():\n        x = 1\nprint(x)",
        # the handler reads what it binds
        "x = 0\ntry:\n    with {} as f:\n        x = 1\n        x = int(name)\n"
        "except ValueError:\n    print(x)\nreturn x",
        # text of several lines would be indented
        'with {} as f:\n    print("""a\nb""", f)',
        # awaits in between
        "with {} as f:\n    await asyncio.sleep(0)\n    print(f)",
        # in the hands of somebody else
        "with open(name) as f:\n    await asyncio.sleep(0)\n    print(f)",
        # used after it
        "with {} as f:\n    print(f)\nprint(f)",
    ],
)
def test_block_that_would_change_stays(tmp_path: Path, body: str) -> None:
    body = body.replace("{}", "zipfile.ZipFile(name)")
    text = (
        "import asyncio\nimport zipfile\n\n"
        + FASTAPI
        + "@app.get('/a')\nasync def work(name: str):\n"
        + textwrap.indent(body, "    ").replace("\n    b", "\nb")
        + "\n"
    )
    texts, outcome = mend(tmp_path, {"main.py": text})

    assert texts["main.py"] == text
    assert outcome.refused == ()
    assert outcome.after.findings


BLOCKS = [
    "with open(name) as f:\n    x = f.read()\nreturn x",
    "with open(name) as f:\n    return f.read()",
    "with open(name) as f:\n    return [line.strip() for line in f]",
    "with open(name, 'w') as f:\n    n = f.write(text)\nreturn n, open(name).read()",
    "with open(name, 'w') as f:\n    f.write(text)\nreturn name",
    "with open(name, 'wb') as f:\n    f.write(text.encode())\nreturn name",
    "with open(name, 'a') as f:\n    f.write(text)\n    size = f.tell()\nreturn size",
    "with open(name) as f:\n    first = f.readline()\n    rest = f.read()\n"
    "return first, rest",
    "with open(name) as f, open(name) as g:\n    return f.read() + g.read()",
    "out = []\nfor i in range(3):\n    with open(name) as f:\n"
    "        part = f.read(i)\n    out.append(part)\nreturn out",
    "try:\n    with open(name + '.no') as f:\n        return f.read()\n"
    "except FileNotFoundError as error:\n    return type(error).__name__",
    "with open(name) as f:\n    try:\n        x = int(f.read())\n"
    "    except ValueError:\n        x = 0\n    y = x + 1\nreturn y",
    "import os\nif os.path.exists(name) and not os.path.isdir(name):\n"
    "    return os.path.getsize(name) + os.stat(name).st_size",
    "import os\nreturn sorted(os.listdir(os.path.dirname(name)))",
    "f = open(name)\ntext = f.read()\nf.close()\nreturn text",
    "return open(name).read().upper()",
    "return open(name, 'rb').read(2)",
    "with open(name) as f:\n    if f.read(1) == 'x':\n        return 1\n    return f.read()",
    "for n in [name, name]:\n    with open(n) as f:\n        if f.read():\n"
    "            break\nreturn n",
    "total = 0\nwith open(name) as f:\n    total += len(f.read())\nreturn total",
    "x = 0\ntry:\n    with open(name) as f:\n        x = 1\n        x = int(f.read())\n"
    "except ValueError:\n    pass\nreturn x",
    'with open(name, "w") as f:\n    f.write("""a\n  b""")\n    f.flush()',
]


@pytest.mark.parametrize("body", BLOCKS)
def test_safe_fix_keeps_behaviour(tmp_path: Path, body: str) -> None:
    head = f"import asyncio\n\n{FASTAPI}@app.get('/a')\n"
    text = f"{head}async def work(name: str, text: str):\n{textwrap.indent(body, '    ')}\n"
    file = tmp_path / "data" / "file.txt"
    file.parent.mkdir()

    def outcome(source: str) -> tuple[Any, str]:
        file.write_text("12\nab\n")
        names: dict[str, Any] = {}
        with warnings.catch_warnings():
            # Some of the examples leave a file to the garbage collector, as people do.
            warnings.simplefilter("ignore", ResourceWarning)
            exec(source, names)
            result = asyncio.run(names["work"](str(file), "new"))
            gc.collect()
        return result, file.read_text()

    expected = outcome(text)
    texts, fixed = mend(tmp_path / "service", {"main.py": text}, unsafe=False)

    assert fixed.refused == ()
    assert fixed.applied
    assert "to_thread" in texts["main.py"]
    assert not [f for f in fixed.after.findings if f.rule == "RW304"]
    assert outcome(texts["main.py"]) == expected


def test_handle_that_a_nested_function_uses_stays(tmp_path: Path) -> None:
    text = f"""\
import asyncio

{FASTAPI}@app.get("/a")
async def work(name: str):
    with open(name) as file:
        def rest() -> str:
            return file.read()

        await asyncio.sleep(0)
        return rest()
"""
    texts, outcome = mend(tmp_path, {"main.py": text})

    assert texts["main.py"] == text
    assert outcome.after.findings[0].unfixed


def test_two_blocks_with_one_name(tmp_path: Path) -> None:
    text = f"""\
import asyncio

{FASTAPI}@app.get("/a")
async def work(name: str):
    with open(name) as file:
        first = file.readline()
        second = file.readline()
    with open(name) as file:
        await asyncio.sleep(0)
        return first, second, file.read()
"""
    data = tmp_path / "data.txt"
    data.write_text("a\nb\nc\n")
    texts, outcome = mend(tmp_path / "tree", {"main.py": text}, unsafe=False)

    names: dict[str, Any] = {}
    exec(texts["main.py"], names)
    assert asyncio.run(names["work"](str(data))) == ("a\n", "b\n", "a\nb\nc\n")
    assert outcome.refused == ()
    assert not outcome.after.findings


LAZY = """\
import os
from pathlib import Path
---
@app.get("/a")
async def work(folder: str) -> list[str]:
{body}
"""


@pytest.mark.parametrize(
    ("body", "fixed"),
    [
        (
            "found = []\n    for _, _, files in os.walk(folder):\n"
            "        found.extend(files)\n    return found",
            "for _, _, files in await asyncio.to_thread(lambda: list(os.walk(folder))):",
        ),
        (
            "return [path.name for path in Path(folder).iterdir()]",
            "[path.name for path in await asyncio.to_thread("
            "lambda: list(Path(folder).iterdir()))]",
        ),
        (
            'return [path.name for path in sorted(Path(folder).glob("*"))]',
            "[path.name for path in await asyncio.to_thread("
            'lambda: sorted(Path(folder).glob("*")))]',
        ),
        (
            "found = []\n    for line in open(folder):\n"
            "        found.append(line)\n    return found",
            "for line in await asyncio.to_thread(lambda: list(open(folder))):",
        ),
    ],
)
def test_iterator_is_gone_through_in_the_thread(
    tmp_path: Path, body: str, fixed: str
) -> None:
    text = mended(tmp_path, LAZY.format(body=f"    {body}"))

    assert "".join(fixed.split()) in "".join(text.split()).replace(",)", ")")


@pytest.mark.parametrize(
    "body",
    [
        # the loop prunes the walk
        "found = []\n    for _, folders, files in os.walk(folder):\n"
        "        folders[:] = []\n        found.extend(files)\n    return found",
        # somebody else goes through it
        "return handle(os.walk(folder))",
        "return next(Path(folder).iterdir()).name",
    ],
)
def test_iterator_that_is_no_list_stays(tmp_path: Path, body: str) -> None:
    text = LAZY.format(body=f"    {body}") + "\n\ndef handle(walked): ...\n"

    assert "to_thread" not in mended(tmp_path, text)
