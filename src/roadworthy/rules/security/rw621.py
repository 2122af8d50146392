"""RW621 path-traversal."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.security.questions import Question
from roadworthy.rules.security.tracing import tracer
from roadworthy.rules.trees import last_name

RULE = Rule(
    code="RW621",
    name="path-traversal",
    severity="error",
    summary="A file opened or sent whose path is built from what the client sends.",
    why=(
        "`../../etc/passwd`, or an absolute path, leads out of the folder: the client "
        "reads the service's secrets, or overwrites its code."
    ),
    instead=(
        "Resolve the path and check that it lies inside: "
        "`path.resolve().is_relative_to(root)`, or look names up in a fixed mapping."
    ),
    wrong="""\
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse

ROOT = Path("/srv/reports")
app = FastAPI()


@app.get("/reports/{name:path}")
async def read_report(name: str) -> FileResponse:
    return FileResponse(ROOT / name)  # expect: RW621
""",
    right="""\
from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse

ROOT = Path("/srv/reports")
app = FastAPI()


@app.get("/reports/{name:path}")
async def read_report(name: str) -> FileResponse:
    path = (ROOT / name).resolve()
    if not path.is_relative_to(ROOT):
        raise HTTPException(404)
    return FileResponse(path)
""",
    references=("https://owasp.org/www-community/attacks/Path_Traversal",),
)

_OPENERS = {
    "builtins.open": "file",
    "io.open": "file",
    "open": "file",
    "os.open": "path",
    "aiofiles.open": "file",
    "aiofiles.threadpool.open": "file",
    "anyio.open_file": "file",
    "os.remove": "path",
    "os.unlink": "path",
    "os.rmdir": "path",
    "os.listdir": "path",
    "os.scandir": "path",
    "shutil.rmtree": "path",
    "shutil.copy": "src",
    "shutil.copyfile": "src",
    "shutil.copytree": "src",
    "shutil.move": "src",
    "aiofiles.os.remove": "path",
    "aiofiles.os.unlink": "path",
    "zipfile.ZipFile": "file",
}
_METHODS = frozenset(
    {
        "read_text",
        "read_bytes",
        "write_text",
        "write_bytes",
        "open",
        "unlink",
        "rmdir",
        "iterdir",
        "touch",
        "rename",
    }
)
_PATHS = (
    "pathlib.Path.",
    "pathlib.PosixPath.",
    "anyio.Path.",
    "pathlib.WindowsPath.",
)
_LAST = frozenset(
    {name.rpartition(".")[2] for name in _OPENERS} | _METHODS | {"FileResponse"}
)


def _leaves_no_way_out(call: ast.Call) -> bool:
    """Whether a call takes out of a text what leads to another folder.

    `name.replace("/", "_")`, or `re.sub` over all but some harmless characters. To take
    out `"../"` is not enough: `"....//"` becomes it.
    """
    texts = [
        part.value if isinstance(part, ast.Constant) else None for part in call.args
    ]
    last = last_name(call.func)
    if last == "replace" and len(texts) >= 2:
        return texts[0] in ("/", ".", "..") and texts[1] not in ("/", ".", "..")
    if last == "sub" and texts and isinstance(texts[0], str):
        pattern = texts[0]
        if pattern.startswith("[^"):
            return "/" not in pattern and pattern.endswith(("]", "]+"))
        return pattern in (r"[/\\]", r"[\\/]", "/", r"\.", r"\.\.", r"\W", r"\W+")
    return False


_QUESTION = Question(
    whole=True,
    cleans=_leaves_no_way_out,
    cleansing=frozenset(
        {
            "basename",
            "secure_filename",
            "name",
            "stem",
            "suffix",
            "splitext",
            "sanitize",
        }
    ),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag calls that touch a file whose path a client can lead elsewhere."""
    trace = tracer(review)
    for file in review.files:
        if not file.mentions(*_LAST):
            continue
        for node, _ in review.reached_functions(file):
            for call in own_nodes(node):
                if not isinstance(call, ast.Call):
                    continue
                for path in _paths(review, file, call):
                    origin = trace.client(file, path, _QUESTION)
                    if origin is not None:
                        yield review.finding(
                            RULE,
                            file,
                            call,
                            f"the client can lead this path elsewhere (`{origin.text}`)",
                            entry=origin.handler,
                        )
                        break


def _paths(review: Review, file: ReviewedFile, call: ast.Call) -> Iterator[ast.expr]:
    """Yield the paths of the files that a call touches."""
    function = call.func
    last = last_name(function)
    if last not in _LAST and not isinstance(function, ast.Name):
        return
    if isinstance(function, ast.Name) and last not in _LAST:
        if not _is_renamed(file, last):
            return
    names = review.static_names(file, call)
    if last == "open" and isinstance(function, ast.Name):
        names = names or frozenset({"open"})
    if not names and last in _METHODS and isinstance(function, ast.Attribute):
        names = review.names(file, call)
    for name in names:
        if name in _OPENERS:
            yield from _argument(call, 0, _OPENERS[name])
            if name.startswith("shutil.") and _OPENERS[name] == "src":
                yield from _argument(call, 1, "dst")
        elif name.rpartition(".")[2] == "FileResponse" and name.startswith(
            ("fastapi.", "starlette.")
        ):
            yield from _argument(call, 0, "path")
        elif name.startswith(_PATHS) and last in _METHODS:
            if isinstance(function, ast.Attribute):
                yield function.value


def _is_renamed(file: ReviewedFile, name: str) -> bool:
    return any(
        alias.asname == name and alias.name in _LAST
        for imported in file.nodes(ast.ImportFrom)
        for alias in imported.names
    )


def _argument(call: ast.Call, position: int, name: str) -> Iterator[ast.expr]:
    if len(call.args) > position:
        yield call.args[position]
    for keyword in call.keywords:
        if keyword.arg == name:
            yield keyword.value
