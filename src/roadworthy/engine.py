"""One run over a project: a former run's report if nothing changed, else a new one."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.findings import Report
from roadworthy.project.cache import Cache
from roadworthy.project.config import Settings
from roadworthy.project.discovery import Discovery, discover
from roadworthy.project.environment import Environment, find_environment
from roadworthy.project.reports import pack_report, unpack_report

if TYPE_CHECKING:
    from roadworthy.syntax.store import CodeStore

Progress = Callable[[str, int, int], None]

_KIND = "reports"
_READ_BESIDES = (
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "uv.lock",
    "poetry.lock",
    "setup.cfg",
    "setup.py",
    "tox.ini",
    "pytest.ini",
    ".pytest.ini",
    ".env",
    ".env.test",
    "ruff.toml",
    ".ruff.toml",
    ".isort.cfg",
    ".editorconfig",
)


def run(
    root: Path,
    settings: Settings,
    progress: Progress | None,
    discovery: Discovery | None = None,
    store: CodeStore | None = None,
) -> Report:
    """Check the project below `root` and report what would hurt in production.

    `discovery` is a walk of the same folder, if the caller has made one already, and
    `store` is where code is kept, if not in the caches.

    Raises:
        ProjectError: the folder cannot be read.
    """
    started = time.perf_counter()
    if discovery is None:
        discovery = discover(root, settings.exclude, settings.base)
    environment, note = find_environment(discovery.root, settings.python)
    cache = Cache.for_project(settings.folder, settings.use_cache)
    key = ""
    if cache.enabled:
        key = _fingerprint(discovery, settings, environment)
        kept = cache.get(_KIND, key)
        report = unpack_report(kept) if kept is not None else None
        if report is not None:
            seconds = round(time.perf_counter() - started, 3)
            stats = {**report.stats, "cached": 1, "seconds": seconds}
            return replace(report, stats=stats)
    # Only now: a run in which nothing changed need not load the evaluator.
    from roadworthy.analysis import analyse
    from roadworthy.syntax.store import CodeStore

    libraries = Cache.for_user(settings.use_cache)
    store = store or CodeStore(cache, libraries)
    report = analyse(discovery, settings, environment, progress, store)
    if note:
        report = replace(report, notes=(note, *report.notes))
    notes = dict.fromkeys((*cache.notes, *libraries.notes))
    if notes:
        report = replace(report, notes=(*report.notes, *notes))
    if cache.enabled and not _is_passing(report):
        cache.put(_KIND, key, pack_report(report))
    cache.prune()
    libraries.prune()
    return report


def _is_passing(report: Report) -> bool:
    """Whether a report tells of trouble that may be gone the next time."""
    return bool(report.stats.get("without_types"))


def _fingerprint(
    discovery: Discovery, settings: Settings, environment: Environment | None
) -> str:
    """Return what a report depends on: files, settings, environment."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(
        repr(
            (
                str(discovery.root),
                settings.select,
                settings.ignore,
                settings.exclude,
                settings.strict,
                settings.fixes,
                settings.tests,
                settings.extra_effects,
                str(settings.config_file),
            )
        ).encode()
    )
    for file in discovery.files:
        digest.update(
            f"{file.relative}|{file.size}|{file.mtime_ns}\n".encode(
                "utf-8", "surrogateescape"
            )
        )
    # Rules read these besides: what is required, and how tests and formatters are set.
    folder = discovery.root.resolve()
    for place in (folder, *folder.parents):
        for name in _READ_BESIDES:
            try:
                status = (place / name).stat()
            except OSError:
                continue
            digest.update(f"{place}/{name}|{status.st_mtime_ns}\n".encode())
        if (place / ".git").exists():
            break
    for unread in discovery.unread:
        digest.update(repr(unread).encode("utf-8", "surrogateescape"))
    if environment is not None:
        for folder in (environment.prefix / "pyvenv.cfg", *environment.search_path):
            try:
                changed = folder.stat().st_mtime_ns
            except OSError:
                changed = 0
            digest.update(f"{folder}|{changed}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
