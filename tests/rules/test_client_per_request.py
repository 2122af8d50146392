"""RW314: what a worker makes is not made for a request, and what each finding advises."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.engine import run
from roadworthy.findings import Finding
from roadworthy.project.config import Settings

QUEUE = """
class Queue:
    def __init__(self):
        self.tasks = {}

    def register(self, task):
        self.tasks[task.__name__] = task

    async def add(self, name, *arguments):
        await self.tasks[name](*arguments)
"""
SERVICE = """
import httpx
from fastapi import FastAPI
from {package} import Queue

app = FastAPI()
queue = Queue()


async def send_heartbeat() -> None:
    async with httpx.AsyncClient() as client:
        await client.post("https://telemetry.example/")


queue.register(send_heartbeat)


@app.post("/orders")
async def create_order() -> None:
    await queue.add("send_heartbeat")
"""
MODEL = """
from fastapi import FastAPI
from openai import AsyncOpenAI
from settings import KEY

app = FastAPI()


@app.post("/chat")
async def chat(prompt: str, key: str) -> str:
    client = AsyncOpenAI({arguments})
    answer = await client.responses.create(model="small", input=prompt)
    return answer.output_text
"""


def found(tmp_path: Path, service: str, package: str = "") -> list[Finding]:
    """Check a service, in an environment that holds a queue if a package is given."""
    environment = tmp_path / "venv"
    packages = environment / "lib" / "python3.12" / "site-packages"
    packages.mkdir(parents=True)
    (environment / "pyvenv.cfg").write_text("version = 3.12.1\n")
    if package:
        (packages / package).mkdir()
        (packages / package / "__init__.py").write_text(QUEUE)
    root = tmp_path / "service"
    root.mkdir()
    (root / "main.py").write_text(service)
    (root / "settings.py").write_text('KEY = "k"\n')
    settings = Settings(
        root=root, select=("RW314",), python=environment, use_cache=False
    )
    return list(run(root, settings, None).findings)


@pytest.mark.parametrize(("package", "lines"), [("docket", []), ("dispatch", [11])])
def test_a_queue_hands_over_to_a_worker(
    package: str, lines: list[int], tmp_path: Path
) -> None:
    findings = found(tmp_path, SERVICE.format(package=package), package)

    assert [finding.line for finding in findings] == lines


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ("api_key=key", "http_client="),
        ("api_key=KEY", "app.state"),
        ("", "app.state"),
    ],
)
def test_a_client_with_the_callers_key_can_share_its_connections(
    arguments: str, advice: str, tmp_path: Path
) -> None:
    findings = found(tmp_path, MODEL.format(arguments=arguments))

    assert [finding.line for finding in findings] == [11]
    assert advice in findings[0].instead
