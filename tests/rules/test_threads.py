"""Who runs a function for whom: in a thread, in a process, later on the loop."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

import pytest

from roadworthy import analysis
from roadworthy.project.config import load_settings
from roadworthy.project.discovery import discover
from roadworthy.rules import threads
from roadworthy.rules.review import Review

CALLS = """\
import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import Process
from threading import Thread, Timer

import anyio
import starlette.concurrency
from anyio import to_process, to_thread
from asgiref.sync import sync_to_async
from fastapi import BackgroundTasks, FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()
pool = ThreadPoolExecutor()


def work(x: int = 0) -> int:
    return x


class Queue:
    async def run_sync(self, function: object, x: int) -> None: ...


@app.get("/")
async def read(tasks: BackgroundTasks) -> None:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    queue = Queue()
    await asyncio.to_thread(work, 1)
    await run_in_threadpool(work, 1)
    await starlette.concurrency.run_in_threadpool(work, 1)
    await to_thread.run_sync(work, 1)
    await anyio.to_thread.run_sync(work, 1)
    await to_process.run_sync(work, 1)
    await queue.run_sync(work, 1)
    await loop.run_in_executor(None, work, 1)
    await sync_to_async(work)(1)
    pool.submit(work, 1)
    Thread(target=work, args=(1,))
    Timer(1, function=work)
    Process(target=work)
    tasks.add_task(work, 1)
    loop.call_soon(work, 1)
    loop.call_soon_threadsafe(work, 1)
    loop.call_later(5, work, 1)
    partial(work, 1)
    task.add_done_callback(work)
    await asyncio.to_thread()
    await asyncio.to_thread(lambda: work(1))
    work(1)
"""


@dataclass
class Told:
    """The texts of calls: what each question is answered for."""

    awaited: set[str] = field(default_factory=set)
    in_thread: set[str] = field(default_factory=set)
    made: dict[str, str] = field(default_factory=dict)


def ask(review: Review) -> Told:
    told = Told()
    (file,) = review.files
    (read,) = (f for f in file.functions() if f.name == "read")
    for call in ast.walk(read):
        if not isinstance(call, ast.Call):
            continue
        text = ast.unparse(call)
        if threads.awaited_function(review, call) is not None:
            told.awaited.add(text)
        if threads.thread_function(review, file, call) is not None:
            told.in_thread.add(text)
        made = threads.handed_over(review, call)
        if made is not None:
            told.made[text] = ast.unparse(made)
    return told


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    root = tmp_path_factory.mktemp("service")
    (root / "main.py").write_text(CALLS, encoding="utf-8")
    settings = load_settings(root)
    answers, unread, _ = analysis.load(
        discover(root, (), root), settings, None, None, ask
    )
    assert unread == ()
    return answers


IN_THREAD = {
    "asyncio.to_thread(work, 1)",
    "run_in_threadpool(work, 1)",
    "starlette.concurrency.run_in_threadpool(work, 1)",
    "to_thread.run_sync(work, 1)",
    "anyio.to_thread.run_sync(work, 1)",
    "asyncio.to_thread(lambda: work(1))",
}
BY_NAME = {
    "to_process.run_sync(work, 1)",
    "queue.run_sync(work, 1)",
    "loop.run_in_executor(None, work, 1)",
}


def test_function_in_a_thread_is_told_by_what_is_called(told: Told) -> None:
    assert told.in_thread == IN_THREAD


def test_awaited_function_is_told_by_the_name_of_the_call(told: Told) -> None:
    assert told.awaited == IN_THREAD | BY_NAME


def test_call_that_is_handed_over_is_told_by_the_name_of_the_call(told: Told) -> None:
    assert set(told.made.values()) == {"work(1)"}
    assert set(told.made) == (IN_THREAD | BY_NAME) - {
        "asyncio.to_thread(lambda: work(1))"
    } | {
        "sync_to_async(work)(1)",
        "pool.submit(work, 1)",
        "tasks.add_task(work, 1)",
        "loop.call_soon(work, 1)",
        "loop.call_soon_threadsafe(work, 1)",
        "loop.call_later(5, work, 1)",
        "partial(work, 1)",
    }
