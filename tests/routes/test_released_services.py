"""The maps of released services beside what each says of itself when it runs.

Each service of `services.toml` is installed from the package index, with what it imports
when it starts, into an environment of its own that is kept for later runs. The running
application and `roadworthy routes` must agree on method and path of every route, and on
the models, security schemes and scopes of its OpenAPI document, but for the differences
named there. Nothing of a service is committed.
"""

from __future__ import annotations

import functools
import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from comparing import compare
from environments import kept, run, uv_command

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
PYTHON = ">=3.12,<3.15"
"""The versions for which all that the services need is released as wheels."""
SECONDS = 600


@dataclass(frozen=True, slots=True)
class Service:
    """A released service, what it needs to start, and where its map differs."""

    name: str
    service: str
    needs: tuple[str, ...]
    absent: tuple[str, ...]
    program: str
    environ: dict[str, str]
    served: dict[str, str]
    mapped: dict[str, str]
    contents: dict[str, str]

    def digest(self) -> str:
        """What an environment made for the service depends on."""
        text = repr((self.service, self.needs, sys.version))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def services() -> list[Service]:
    found = tomllib.loads((HERE / "services.toml").read_text(encoding="utf-8"))
    return [
        Service(
            name,
            told["service"],
            tuple(told["needs"]),
            tuple(told["absent"]),
            told["program"],
            told["environ"],
            told["served"],
            told["mapped"],
            told.get("contents", {}),
        )
        for name, told in found.items()
    ]


def interpreter(uv: list[str]) -> str | None:
    """Return a Python that will do: that of the tests, or one that is installed here."""
    if (3, 12) <= sys.version_info < (3, 15):
        return sys.executable
    find = [*uv, "python", "find", "--no-python-downloads", PYTHON]
    found = subprocess.run(find, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else None


def install(service: Service, directory: Path) -> str | None:
    """Put a service into `source`, what it needs into `env`. Why not, or None."""
    uv = uv_command()
    if uv is None:
        return "uv is not installed"
    environment, source = directory / "env", directory / "source"
    python = str(environment / "bin" / "python")
    this = interpreter(uv)
    if this is None:
        # Roadworthy itself asks for less: such a machine is in order.
        pytest.skip(f"the map was not compared: no Python {PYTHON} is installed here")
    add = [*uv, "pip", "install", "--quiet", "--python", python]
    add += ["--no-deps", "--only-binary", ":all:"]
    return (
        run([*uv, "venv", "--quiet", "--python", this, str(environment)], SECONDS)
        or run([*add, *service.needs], SECONDS)
        or run([*add, "--target", str(source), service.service], SECONDS)
    )


@pytest.fixture(scope="session")
def services_kept(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The folder in which the environments are kept."""
    cache = getattr(request.config, "cache", None)
    if cache is None:
        return tmp_path_factory.mktemp("services")
    return Path(cache.mkdir("services"))


def installed(service: Service, services_kept: Path) -> Path:
    """Return the folder with a service's `source` and `env`."""
    return kept(
        services_kept / f"{service.name}-{service.digest()}",
        functools.partial(install, service),
        "the map was not compared",
    )


def unexplained(
    routes: frozenset[tuple[str, str]], reasons: dict[str, str]
) -> set[object]:
    """Return the routes that no reason names, and the reasons that name none."""
    left, unused = set(routes), set(reasons)
    for text in reasons:
        wanted, path = text.split(" ", 1)
        for route in routes:
            same = route[1].startswith(path) if wanted == "*" else route[1] == path
            if same and wanted in ("*", route[0]):
                left.discard(route)
                unused.discard(text)
    return left | unused


@pytest.mark.parametrize("service", services(), ids=lambda service: service.name)
def test_map_and_running_application_agree(
    service: Service, services_kept: Path, tmp_path: Path
) -> None:
    directory = installed(service, services_kept)
    # A home of its own: what the service writes when it starts must not stay.
    environ = {"HOME": str(tmp_path), **service.environ}
    found = compare.compare(
        compare.Target(
            directory / "source",
            service.program,
            str(directory / "env" / "bin" / "python"),
            service.absent,
            environ,
        ),
        SECONDS,
    )
    assert len(found.running) > 50
    assert unexplained(found.missing, service.served) == set()
    assert unexplained(found.extra, service.mapped) == set()
    differing = [
        str(difference)
        for difference in found.differences
        if f"{difference.method} {difference.path}" not in service.contents
    ]
    assert differing == []
    assert service.contents.keys() == {
        f"{difference.method} {difference.path}" for difference in found.differences
    }


def test_differences_are_named_one_by_one() -> None:
    reasons = {"GET /a": "a setting", "* /b": "another", "GET /c": "nothing of this"}
    routes = frozenset({("GET", "/a"), ("POST", "/a"), ("PUT", "/b/{id}")})
    assert unexplained(routes, reasons) == {("POST", "/a"), "GET /c"}
