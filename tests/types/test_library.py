"""Paths of library files name their modules."""

from __future__ import annotations

import os

import pytest

from roadworthy.types.library import library_module, path_to_uri, uri_to_path

TYPESHED = "/home/me/.cache/ty/vendored/typeshed/2e4d4dcf657f/stdlib"
PACKAGES = "/srv/.venv/lib/python3.12/site-packages"


@pytest.mark.parametrize(
    ("path", "module"),
    [
        (f"{TYPESHED}/time.pyi", "time"),
        (f"{TYPESHED}/pathlib/__init__.pyi", "pathlib"),
        (f"{TYPESHED}/asyncio/base_events.pyi", "asyncio.base_events"),
        (f"{PACKAGES}/httpx/_api.py", "httpx._api"),
        (f"{PACKAGES}/requests/__init__.py", "requests"),
        (f"{PACKAGES}/yaml-stubs/__init__.pyi", "yaml"),
        (f"{PACKAGES}/six.py", "six"),
        ("/usr/lib/python3/dist-packages/apt/cache.py", "apt.cache"),
        ("/usr/lib/python3.13/pathlib/_local.py", "pathlib._local"),
        ("/opt/python/lib/python3.14t/json/__init__.py", "json"),
        ("/srv/app/lib/tools.py", None),
        ("/srv/app/main.py", None),
        (f"{PACKAGES}/orjson/orjson.so", None),
    ],
)
def test_module_of_a_file(path: str, module: str | None) -> None:
    assert library_module(path) == module


@pytest.mark.skipif(os.name == "nt", reason="paths of another shape")
@pytest.mark.parametrize("path", ["/srv/app/main.py", "/srv/a b/100%/\N{SNOWMAN}#?.py"])
def test_addresses_lead_back_to_their_paths(path: str) -> None:
    assert uri_to_path(path_to_uri(path)) == path


def test_other_addresses_have_no_path() -> None:
    assert uri_to_path("vendored:///stdlib/time.pyi") is None
