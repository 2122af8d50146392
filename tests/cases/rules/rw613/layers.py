# Broad exceptions dropped on paths from routes, in helpers and dependencies
# file: app/__init__.py
# file: app/helpers.py
import contextlib
import json
import logging
from typing import Any

log = logging.getLogger(__name__)


async def notify(name: str) -> bool:
    try:
        await deliver(name)
    except Exception:  # expect: RW613
        return False
    return True


async def deliver(name: str) -> None:
    if not name:
        raise ValueError(name)


def each(names: list[str]) -> list[str]:
    found = []
    for name in names:
        try:
            found.append(json.loads(name))
        except:  # expect: RW613
            continue
    return found


def parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (Exception,):  # expect: RW613
        return None


def narrow(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def logged(text: str) -> Any:
    try:
        return json.loads(text)
    except Exception:
        log.exception("unreadable")
        return None


def wrapped(text: str) -> Any:
    try:
        return json.loads(text)
    except Exception as error:
        raise ValueError("unreadable") from error


def suppressed(text: str) -> Any:
    with contextlib.suppress(ValueError):
        return json.loads(text)
    return None


def unused(text: str) -> Any:
    try:
        return json.loads(text)
    except Exception:
        pass
# file: app/main.py
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, Header

from app import helpers

app = FastAPI()


def tenant(x_tenant: Annotated[str, Header()] = "") -> int:
    try:
        return int(x_tenant)
    except BaseException as error:  # expect: RW613
        pass
    return 0


async def later(name: str) -> None:
    try:
        await helpers.deliver(name)
    except Exception:  # expect: RW613
        ...


@app.post("/orders")
async def order(name: str, tasks: BackgroundTasks, number: Annotated[int, Depends(tenant)]) -> list[Any]:
    tasks.add_task(later, name)
    return [
        await helpers.notify(name),
        helpers.each([name]),
        helpers.parse(name),
        helpers.narrow(name),
        helpers.logged(name),
        helpers.wrapped(name),
        helpers.suppressed(name),
    ]
