"""On generated services, safe fixes keep every answer to every request."""

from __future__ import annotations

import ast
import io
import sys
import tempfile
import tokenize
import types
import typing
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from roadworthy.fixes.rounds import Options, fix
from roadworthy.project.config import Settings

HEAD = '''\
"""A generated service."""
from typing import Any, Dict, List, Optional, Union
import asyncio
from fastapi import Depends, FastAPI, Header, Query
from pydantic import BaseModel, ConfigDict, validator
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
API_KEY = "geheim-\\u00fc"
SPARE_API_KEY: Optional[str] = None
log: List[str] = []


class Base(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Logged(Session):
    def close(self):
        log.append("closed")
        super().close()


factory = sessionmaker(create_engine("sqlite://"), class_=Logged)
'''


def annotation(members: list[str], nested: list[str]) -> str:
    """Write a union of the members, `Optional` or a further `Union` around each."""
    text = members[0]
    for member, around in zip(members[1:], nested, strict=False):
        text = f"Union[{text}, {member}]"
        if around:
            text = f"{around}[{text}]"
    return text


# The members of a union always stand in one order: `typing` keeps what it has built by
# equality, and unions in another order are equal, so that the order in which a service
# with both tries its types depends on which of them the process met first.
TYPES = st.builds(
    annotation,
    st.lists(
        st.sampled_from(["bool", "int", "float", "str"]),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(sorted),
    st.lists(st.sampled_from(["", "Optional"]), min_size=3, max_size=3),
).flatmap(lambda text: st.sampled_from([text, f"Optional[{text}]"]))
RESULTS = st.recursive(
    TYPES,
    lambda inner: st.one_of(
        inner.map(lambda t: f"List[{t}]"),
        inner.map(lambda t: f"Dict[str, {t}]"),
        inner.map(lambda t: f"Optional[{t}]"),
    ),
    max_leaves=3,
)
SPACES = st.sampled_from(["", " "])


@st.composite
def typed_route(draw: st.DrawFn, number: int) -> str:
    kind, result = draw(TYPES), draw(RESULTS)
    word = draw(st.sampled_from(["def", "async def"]))
    space = draw(SPACES)
    note = draw(st.sampled_from(["", "  # as it is", "  # 'quoted' (odd"]))
    return (
        f'@app.get("/r{number}"){note}\n'
        f"{word} r{number}({space}a: {kind}, b: List[{draw(TYPES)}] = Query([])"
        f"{space}) -> Dict[str, Any]:\n"
        f"    kept: Optional[{result}] = None\n"
        f"    note{number}(a)\n"
        f'    return {{"a": a, "b": b,{space} "kept": kept}}\n\n'
        f"def note{number}(value: Any):{note}\n"
        f"    log.append(str(value))\n"
    )


@st.composite
def model_route(draw: st.DrawFn, number: int) -> str:
    annotation = draw(st.sampled_from(["", " -> Any"]))
    many = draw(st.booleans())
    dumped = draw(st.sampled_from(["dict()", "dict(exclude_none=True)", "json()"]))
    config = draw(
        st.sampled_from(
            [
                "",
                '    class Config:\n        extra = "forbid"\n        frozen = True\n',
                '    class Config:  # kept\n        title = "T"\n',
            ]
        )
    )
    base = "Base" if not config else "BaseModel"
    pre = draw(st.sampled_from(["", ", pre=True"]))
    made = f'M{number}(name=" " + name, size=size)'
    returned = f"[{made}, {made}]" if many else made
    return (
        f"class M{number}({base}):\n"
        f"    name: str\n    size: Optional[int] = None\n\n"
        f'    @validator("name"{pre})\n'
        f"    def strip(cls, value):\n        return value.strip()\n\n{config}\n\n"
        f'@app.get("/r{number}")\n'
        f"async def r{number}(name: str, size: Optional[int] = None){annotation}:\n"
        f"    log.append(str(M{number}(name=name).{dumped}))\n"
        f"    copied = M{number}.parse_obj({{'name': name}}).copy(update={{'size': 1}})\n"
        f"    log.append(repr(copied))\n"
        f"    return {returned}\n"
    )


@st.composite
def secret_route(draw: st.DrawFn, number: int) -> str:
    kind = draw(st.sampled_from(["str = Header('')", "Optional[str] = Header(None)"]))
    operator = draw(st.sampled_from(["==", "!="]))
    secret = draw(st.sampled_from(["API_KEY", "SPARE_API_KEY", 'f"Bearer {API_KEY}"']))
    sides = ["x_api_key", secret]
    if draw(st.booleans()):
        sides.reverse()
    test = f" {operator} ".join(sides)
    test = draw(
        st.sampled_from([test, f"not {test}", f"{test} or x_api_key == 'open'"])
    )
    return (
        f'@app.get("/r{number}")\n'
        f"async def r{number}(x_api_key: {kind}) -> str:\n"
        f"    if {test}:\n        return 'yes'\n    return 'no'\n"
    )


@st.composite
def session_route(draw: st.DrawFn, number: int) -> str:
    between = draw(st.sampled_from(["", "    log.append('opened')\n"]))
    guard = draw(st.booleans())
    given_out = (
        "    try:\n        yield db\n    except ValueError:\n"
        "        db.rollback()\n        raise\n"
        if guard
        else "    yield db\n"
    )
    return (
        f"def get_db{number}():\n    db = factory()\n{between}{given_out}"
        f"    # at the end\n    db.close()\n\n\n"
        f'@app.get("/r{number}")\n'
        f"def r{number}(db: Session = Depends(get_db{number})) -> str:\n"
        f"    log.append('used')\n    return type(db).__name__\n"
    )


@st.composite
def services(draw: st.DrawFn) -> str:
    makers = [typed_route, model_route, secret_route, session_route]
    parts = [
        draw(draw(st.sampled_from(makers))(number))
        for number in range(draw(st.integers(1, 4)))
    ]
    gap = draw(st.sampled_from(["\n\n", "\n"]))
    text = HEAD + gap + gap.join(parts)
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


REQUESTS: list[tuple[dict[str, Any], dict[str, bytes]]] = [
    ({}, {}),
    ({"a": "1", "b": ["1", "2"], "name": " x ", "size": 3}, {"x-api-key": b""}),
    ({"a": "x", "b": ["y"], "name": "é"}, {"x-api-key": b"geheim-\xfc"}),
    ({"a": "0.5", "name": ""}, {"x-api-key": b"Bearer geheim-\xfc"}),
    ({"a": "true", "b": ["2.5"], "name": "n"}, {"x-api-key": b"open"}),
]


def answers(text: str) -> list[object]:
    """Run a service, and return its answers to every request and what it logged."""
    for forget in typing._cleanups:  # type: ignore[attr-defined]
        forget()
    module = types.ModuleType("generated_service")
    sys.modules[module.__name__] = module
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(text, "generated_service.py", "exec"), module.__dict__)
        found: list[object] = []
        with TestClient(module.app) as client:
            for path in [f"/r{number}" for number in range(4)]:
                for query, headers in REQUESTS:
                    response = client.get(path, params=query, headers=headers)
                    found.append((response.status_code, response.json()))
        found.append(module.log)
    return found


def comments(text: str) -> Counter[str]:
    """Return the comments of a text."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return Counter(t.string for t in tokens if t.type == tokenize.COMMENT)


@settings(
    max_examples=20,
    # Each example is two whole runs: a failing one is reported as it came.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(services())
def test_safe_fixes_keep_every_answer(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "main.py").write_bytes(text.encode())
        outcome = fix(Settings(root=root, use_cache=False), Options())
        fixed = outcome.results.get("main.py", text.encode()).decode()
        (root / "main.py").write_bytes(fixed.encode())
        again = fix(Settings(root=root, use_cache=False), Options())

    assert outcome.refused == ()
    assert all(proposal.fix.safe for proposal in outcome.applied)
    ast.parse(fixed)
    assert answers(fixed) == answers(text)
    assert comments(fixed) == comments(text)
    assert again.results == {}
    assert fixed.count("\r\n") == (fixed.count("\n") if "\r\n" in text else 0)
