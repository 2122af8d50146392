"""A PostgreSQL of our own, in a temporary folder, that may be stopped and started.

PostgreSQL refuses to run as root, so that root runs it as the user `postgres`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from servicebench.process import StartError, free_port

_CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
"""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A cluster: its programs, its folder, the port it listens on."""

    programs: Path
    folder: Path
    port: int

    def url(self, database: str, driver: str = "postgresql") -> str:
        """Return the address of a database, for SQLAlchemy (`postgresql+asyncpg`)."""
        return f"{driver}://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it takes connections. Raises `StartError`."""
        log = self.folder / "log"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", str(log), "-w", "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it; `fast` breaks connections, `immediate` is a crash."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")

    def create(self, database: str) -> None:
        """Make an empty database, in place of one that may be there."""
        self.sql("postgres", f'drop database if exists "{database}" with (force)')
        self.sql("postgres", f'create database "{database}"')

    def sql(self, database: str, statement: str) -> str:
        """Run a statement and return what it prints, unaligned and without headings."""
        words = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        words += ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        return self._run(*words, "-d", database, "-c", statement)

    def _run(self, program: str, *arguments: str) -> str:
        return _run([str(self.programs / program), *arguments])


@contextlib.contextmanager
def postgres(programs: Path | None = None) -> Iterator[Postgres]:
    """Run a new cluster until the block is left, then delete it.

    Raises:
        StartError: PostgreSQL's programs are missing, or fail.
    """
    where = programs or _find()
    with tempfile.TemporaryDirectory(prefix="servicebench-pg-") as name:
        folder = Path(name)
        if os.getuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        words = [
            str(where / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
        ]
        _run([*words, "-E", "UTF8", "--locale", "C.UTF-8"])
        cluster = Postgres(where, folder, free_port())
        with (data / "postgresql.conf").open("a") as file:
            file.write(_CONFIGURATION.format(port=cluster.port))
        cluster.start()
        try:
            yield cluster
        finally:
            with contextlib.suppress(StartError):  # it may have been stopped already
                cluster.stop("immediate")


def _find() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    newest = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parent.parent.name),
    )
    if not newest:
        raise StartError("PostgreSQL is not installed: there is no `initdb`")
    return newest[-1].parent


def _run(words: list[str]) -> str:
    if os.getuid() == 0:
        words = [
            "setpriv",
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
            *words,
        ]
    # pg_ctl's server keeps the streams, so that pipes would never end.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(words, stdout=output, stderr=output, cwd="/")
        output.seek(0)
        said = output.read().decode(errors="replace")
    if done.returncode != 0:
        raise StartError(f"{' '.join(words)} failed:\n{said}")
    return said.strip()
