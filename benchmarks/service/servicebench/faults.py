"""What the service does when something around it fails, or somebody means harm."""

from __future__ import annotations

import collections
import contextlib
import itertools
import json
import secrets
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import jwt
from servicebench import cache, database, service
from servicebench.callers import BROKEN, Connection, Told, asking, quantile
from servicebench.client import ask
from servicebench.database import Postgres

TOKENS = 10_000
DOWN = 6.0
"""Seconds for which PostgreSQL and Redis are gone."""
DATABASE = "faults"
PROBLEM = "application/problem+json"

Say = Callable[[str], None]

Found = tuple[dict[str, object], list[str]]
"""Figures, and what is not as it should be."""


@dataclass(frozen=True, slots=True)
class Result:
    """The figures, and whether all was as it should be."""

    figures: dict[str, object]
    good: bool


def measure(path: Path, python: Path, *, say: Say) -> Result:
    """Run every fault against the service in a folder, one after the other."""
    figures: dict[str, object] = {}
    good = True
    with tempfile.TemporaryDirectory(prefix="servicebench-") as name:
        folder = Path(name) / "tree"
        shutil.copytree(
            path, folder, ignore=shutil.ignore_patterns(".venv", ".env", "*.db")
        )
        with database.postgres() as cluster:
            steps: dict[str, Callable[[], Found]] = {
                "PostgreSQL stopped": lambda: _postgres(
                    folder, python, cluster, "fast"
                ),
                "PostgreSQL crashed": lambda: _postgres(
                    folder, python, cluster, "immediate"
                ),
                "Redis stopped": lambda: _redis(folder, python, cluster),
                "mail server hangs": lambda: _mail(folder, python, cluster),
                "slow bodies": lambda: _slow(folder, python, cluster),
                "bad tokens": lambda: _tokens(folder, python, cluster),
                "stolen refresh token": lambda: _stolen(folder, python, cluster),
            }
            for title, step in steps.items():
                cluster.create(DATABASE)
                found, wrong = step()
                figures[title] = {**found, "wrong": wrong}
                say(f"{title}: {'; '.join(wrong) if wrong else 'as it should be'}")
                for what, value in found.items():
                    say(f"    {what}: {value}")
                good = good and not wrong
    return Result(figures, good)


def _postgres(folder: Path, python: Path, cluster: Postgres, mode: str) -> Found:
    """Stop PostgreSQL while eight clients write and eight read; start it again."""
    numbers = itertools.count()
    with service.running(python, folder, cluster, DATABASE) as (base, _):
        tokens = service.account(base, cluster, DATABASE)
        first = service.fill(base, tokens.access, 1, {"title": "first"})

        def write(connection: Connection) -> Told:
            body = {"title": f"row {next(numbers)}"}
            return connection.ask("POST", "/items", tokens.access, body)

        def read(connection: Connection) -> Told:
            return connection.ask("GET", f"/items/{first}", tokens.access)

        with asking(base, [write] * 8 + [read] * 8) as told:
            time.sleep(4)
            cluster.stop(mode)
            gone = time.monotonic()
            time.sleep(DOWN)
            ready = ask("GET", base.removesuffix("/api/v1") + "/health/ready")
            back = time.monotonic()
            cluster.start()
            up = time.monotonic()
            time.sleep(8)
    before = [each for each in told if each.moment < gone - 1]
    during = [each for each in told if gone + 0.5 < each.moment < back]
    after = [each for each in told if each.moment > up + 3]
    recovered = [
        t.moment - up for t in told if t.moment > up and t.status in (200, 201)
    ]
    stored = set(cluster.sql(DATABASE, "select title from items").splitlines())
    acknowledged = {
        str(each.sent["title"])
        for each in told
        if each.status == 201 and isinstance(each.sent, dict)
    }
    lost = acknowledged - stored
    odd = [e for e in told if e.status not in (200, 201, 503)]
    plain = [e for e in told if e.status == 503 and e.media_type != PROBLEM]
    wrong = []
    if lost:
        wrong.append(f"{len(lost)} acknowledged writes are lost")
    if odd:
        wrong.append(f"unexpected: {_statuses(odd)}, such as {odd[0].body[:300]!r}")
    if plain:
        wrong.append(f"{len(plain)} answers of 503 are no problem details")
    if not during or any(each.status != 503 for each in during):
        wrong.append(f"not only 503 while it was gone: {_statuses(during)}")
    if ready.status != 503:
        wrong.append(f"the readiness probe answered {ready.status} while it was gone")
    if not after or any(each.status == 503 for each in after):
        wrong.append("it has not recovered three seconds after PostgreSQL is back")
    leaks = [e for e in told if e.status == 503 and b"asyncpg" in e.body]
    if leaks:
        wrong.append("answers tell what is inside")
    return {
        "answers before": _statuses(before),
        "answers while it was gone": _statuses(during),
        "slowest of those, s": round(max((e.seconds for e in during), default=0), 2),
        "first success after PostgreSQL is back, s": (
            round(min(recovered), 2) if recovered else None
        ),
        "answers from 3 s after": _statuses(after),
        "acknowledged writes": len(acknowledged),
        "of them lost": len(lost),
        "stored without acknowledgement": len(stored - acknowledged) - 1,
    }, wrong


def _redis(folder: Path, python: Path, cluster: Postgres) -> Found:
    """Stop Redis, which the rate limits are kept in, under load; start it again."""
    with cache.redis() as server:
        changes = {"REDIS_URL": server.url}
        with service.running(python, folder, cluster, DATABASE, changes=changes) as (
            base,
            _,
        ):
            tokens = service.account(base, cluster, DATABASE)

            def read(connection: Connection) -> Told:
                return connection.ask("GET", "/items", tokens.access)

            with asking(base, [read] * 8) as told:
                time.sleep(3)
                server.stop()
                gone = time.monotonic()
                time.sleep(DOWN)
                back = time.monotonic()
                server.start()
                time.sleep(8)
    phases = {
        "before": [e for e in told if e.moment < gone],
        "while it was gone": [e for e in told if gone <= e.moment < back],
        "after": [e for e in told if e.moment >= back],
    }
    figures: dict[str, object] = {}
    for name, answers in phases.items():
        slow = quantile([e.seconds for e in answers], 0.99) if answers else 0
        figures[name] = f"{_statuses(answers)}, p99 {slow * 1000:.0f} ms"
    bad = [each for each in told if each.status != 200]
    wrong = [f"unexpected: {_statuses(bad)}"] if bad else []
    return figures, wrong


def _mail(folder: Path, python: Path, cluster: Postgres) -> Found:
    """Register accounts while the mail server takes connections and says nothing."""
    with _silent_server() as port:
        # Longer than any hashing of passwords takes on a busy machine.
        patience = 60
        changes = {"SMTP_PORT": str(port), "SMTP_SECONDS": str(patience)}
        with service.running(python, folder, cluster, DATABASE, changes=changes) as (
            base,
            _,
        ):
            tokens = service.account(base, cluster, DATABASE)

            def register(number: int) -> Told:
                body = {"email": f"u{number}@example.com", "password": service.PASSWORD}
                return Connection(base).ask("POST", "/auth/register", None, body)

            with ThreadPoolExecutor(8) as pool:
                told = list(pool.map(register, range(40)))
            connection = Connection(base)
            reads = [connection.ask("GET", "/items", tokens.access) for _ in range(50)]
    seconds = [each.seconds for each in told]
    wrong = []
    if any(each.status != 202 for each in told):
        wrong.append(f"registrations: {_statuses(told)}")
    if max(seconds) > patience / 2:
        wrong.append("a registration waits for the mail server")
    if any(each.status != 200 for each in reads):
        wrong.append(f"reads: {_statuses(reads)}")
    return {
        "registrations": _statuses(told),
        "their p50 and slowest, ms": (
            f"{quantile(seconds, 0.5) * 1000:.0f}, {max(seconds) * 1000:.0f}"
        ),
        "reads meanwhile": _statuses(reads),
        "their slowest, ms": round(max(e.seconds for e in reads) * 1000),
    }, wrong


def _slow(folder: Path, python: Path, cluster: Postgres) -> Found:
    """Send a hundred bodies a byte a second, while others read."""
    limit = 5
    changes = {"BODY_SECONDS": str(limit)}
    with service.running(python, folder, cluster, DATABASE, changes=changes) as (
        base,
        _,
    ):
        tokens = service.account(base, cluster, DATABASE)
        results: list[tuple[float, bytes]] = []

        def drip() -> None:
            begun = time.monotonic()
            answer = b""
            parts = urlsplit(base)
            with socket.create_connection((parts.hostname or "", parts.port or 0)) as s:
                s.settimeout(1)
                s.sendall(
                    f"POST {parts.path}/items HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                    f"Authorization: Bearer {tokens.access}\r\n"
                    "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n".encode()
                )
                for _ in range(limit * 4):
                    try:
                        s.sendall(b" ")
                        answer = s.recv(200)
                        break
                    except TimeoutError:
                        continue
                    except OSError:
                        break
            results.append((time.monotonic() - begun, answer))

        threads = [threading.Thread(target=drip) for _ in range(100)]
        for thread in threads:
            thread.start()
        time.sleep(1)
        connection = Connection(base)
        reads = []
        while any(thread.is_alive() for thread in threads):
            reads.append(connection.ask("GET", "/items", tokens.access))
        for thread in threads:
            thread.join()
    answers = collections.Counter(
        answer[9:12].decode() or "closed" for _, answer in results
    )
    slowest = max(seconds for seconds, _ in results)
    wrong = []
    if slowest > limit + 3:
        wrong.append(
            f"a slow client was kept for {slowest:.1f} s; the limit is {limit}"
        )
    if set(answers) - {"408", "closed"}:
        wrong.append(f"slow clients were answered {dict(answers)}")
    if any(each.status != 200 for each in reads):
        wrong.append(f"reads: {_statuses(reads)}")
    return {
        f"answers to slow clients (limit {limit} s)": dict(answers),
        "the longest was kept, s": round(slowest, 1),
        "reads meanwhile": _statuses(reads),
        "their p50 and p99, ms": (
            f"{quantile([e.seconds for e in reads], 0.5) * 1000:.0f}, "
            f"{quantile([e.seconds for e in reads], 0.99) * 1000:.0f}"
        ),
    }, wrong


def _tokens(folder: Path, python: Path, cluster: Postgres) -> Found:
    """Send ten thousand tokens that are forged, expired or tampered with."""
    with service.running(python, folder, cluster, DATABASE) as (base, _):
        tokens = service.account(base, cluster, DATABASE)
        made = list(itertools.islice(_bad_tokens(tokens), TOKENS))
        begun = time.monotonic()

        def send(share: list[tuple[str, str]]) -> list[tuple[str, Told]]:
            connection = Connection(base)
            return [(kind, connection.ask("GET", "/items", t)) for kind, t in share]

        with ThreadPoolExecutor(8) as pool:
            shares = list(pool.map(send, [made[start::8] for start in range(8)]))
        seconds = time.monotonic() - begun
        good = Connection(base).ask("GET", "/items", tokens.access)
    told = [pair for share in shares for pair in share]
    kinds = collections.Counter(kind for kind, _ in told)
    bad = [(kind, each) for kind, each in told if each.status != 401]
    wrong = []
    if bad:
        wrong.append(
            f"{len(bad)} not refused with 401, such as {bad[0][0]}: {bad[0][1]}"
        )
    if any(each.media_type != PROBLEM for _, each in told):
        wrong.append("refusals that are no problem details")
    if good.status != 200:
        wrong.append(f"the good token was answered {good.status}")
    return {
        "tokens": dict(kinds),
        "answers": _statuses([each for _, each in told]),
        "a second": round(len(told) / seconds),
        "the good one after them": good.status,
    }, wrong


def _bad_tokens(good: service.Tokens) -> Iterator[tuple[str, str]]:
    """Yield tokens that no service may take, each with what is wrong with it."""
    claims = jwt.decode(good.access, options={"verify_signature": False})
    head, payload, signature = good.access.split(".")
    now = int(time.time())
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    key = service.SECRET
    for index in itertools.count():
        other = secrets.token_urlsafe(48)
        fresh = {**claims, "jti": secrets.token_hex(16)}
        yield "another key", jwt.encode(fresh, other, "HS256")
        past = {**fresh, "iat": now - 4000, "exp": now - 1 - index}
        yield "expired", jwt.encode(past, key, "HS256")
        yield "no algorithm", jwt.encode(fresh, None, "none")
        yield "another algorithm", jwt.encode(fresh, key * 2, "HS512")
        # The last letter of a signature has bits that mean nothing: leave it out.
        place = index % (len(signature) - 1)
        swapped = letters[(letters.index(signature[place]) + 1 + index % 60) % 64]
        changed = signature[:place] + swapped + signature[place + 1 :]
        yield "signature changed", f"{head}.{payload}.{changed}"
        richer = {**claims, "sub": str(index + 2), "scope": "users:read users:write"}
        stolen = jwt.encode(richer, other, "HS256").split(".")[1]
        yield "payload changed", f"{head}.{stolen}.{signature}"
        yield "another purpose", jwt.encode({**fresh, "aud": "refresh"}, key, "HS256")
        yield "another issuer", jwt.encode({**fresh, "iss": other}, key, "HS256")
        yield "no expiry", jwt.encode(
            {k: v for k, v in fresh.items() if k != "exp"}, key, "HS256"
        )
        yield "no such account", jwt.encode({**fresh, "sub": str(10**6 + index)}, key)
        yield "no token", other[: 1 + index % 40]


def _stolen(folder: Path, python: Path, cluster: Postgres) -> Found:
    """Use one refresh token twice, in turn and at once: the family has to end."""
    wrong = []
    with service.running(python, folder, cluster, DATABASE) as (base, _):
        first = service.account(base, cluster, DATABASE)
        other = service.log_in(base, "reader@example.com")

        def refresh(token: str) -> Told:
            body = {"refresh_token": token}
            return Connection(base).ask("POST", "/auth/refresh", None, body)

        thief = refresh(first.refresh)
        owner = refresh(first.refresh)
        again = refresh(json.loads(thief.body)["refresh_token"])
        elsewhere = refresh(other.refresh)
        in_turn = [thief.status, owner.status, again.status, elsewhere.status]
        if in_turn != [200, 401, 401, 200]:
            wrong.append(f"thief, owner, thief again, another login: {in_turn}")
        raced = []
        for _ in range(10):
            login = service.log_in(base, "reader@example.com")
            with ThreadPoolExecutor(20) as pool:
                told = list(pool.map(refresh, [login.refresh] * 20))
            won = [each for each in told if each.status == 200]
            follow = [refresh(json.loads(e.body)["refresh_token"]).status for e in won]
            raced.append((len(won), follow))
            if len(won) > 1 or any(status != 401 for status in follow):
                wrong.append(f"at once: {len(won)} succeeded, then {follow}")
            if {each.status for each in told} - {200, 401}:
                wrong.append(f"at once: {_statuses(told)}")
    return {
        "thief, owner, thief again, another login": in_turn,
        "20 at once, ten times: successes": [won for won, _ in raced],
        "what the winner's token was worth then": [follow for _, follow in raced],
    }, wrong


@contextlib.contextmanager
def _silent_server() -> Iterator[int]:
    """Run a server that takes connections and never says a word; yields its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=200) as listener:
        kept: list[socket.socket] = []

        def take() -> None:
            with contextlib.suppress(OSError):
                while True:
                    kept.append(listener.accept()[0])

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            # What is blocked in accept() wakes up only so.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for each in kept:
                each.close()


def _statuses(told: list[Told]) -> str:
    counts = collections.Counter(each.status for each in told)
    return ", ".join(
        f"{count} x {'no answer' if status == BROKEN else status}"
        for status, count in sorted(counts.items())
    )
