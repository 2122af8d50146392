"""Runs `fix` over small services given as texts; what the tests beside it share."""

from __future__ import annotations

from pathlib import Path

from roadworthy.fixes.deep import plan
from roadworthy.fixes.rounds import Options, Outcome, fix
from roadworthy.project.config import Settings

LOOP = ("RW104", "RW30")
HEAD = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"


def mend(
    folder: Path,
    texts: dict[str, str],
    *,
    unsafe: bool = True,
    deep: bool = False,
    select: tuple[str, ...] = LOOP,
) -> tuple[dict[str, str], Outcome]:
    """Write files, fix them, and return their texts afterwards, and the outcome."""
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings = Settings(root=folder, select=select, use_cache=False)
    rewrites = (plan.rewrite,) if deep else ()
    outcome = fix(settings, Options(unsafe=unsafe, rewrites=rewrites))
    results = {path: data.decode() for path, data in outcome.results.items()}
    return texts | results, outcome


def mended(folder: Path, body: str, *, unsafe: bool = True) -> str:
    """Return what becomes of a service of one file, whose application is `app`."""
    imports, _, rest = body.partition("\n---\n")
    texts, outcome = mend(
        folder, {"main.py": f"{imports}\n{HEAD}{rest}"}, unsafe=unsafe
    )
    assert outcome.refused == ()
    return texts["main.py"].partition("app = FastAPI()\n\n\n")[2]
