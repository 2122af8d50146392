# A call through an abstract base reaches the project's implementations.
import subprocess
from abc import ABC, abstractmethod

from fastapi import FastAPI

app = FastAPI()


class Printer(ABC):
    @abstractmethod
    def print(self, text: str) -> None: ...

    @abstractmethod
    def name(self) -> str: ...


class Paper(Printer):
    def print(self, text: str) -> None:
        subprocess.run(["lp"], input=text.encode(), check=True)

    def name(self) -> str:
        return "paper"


class Memory(Printer):
    def __init__(self) -> None:
        self.pages: list[str] = []

    def print(self, text: str) -> None:
        self.pages.append(text)

    def name(self) -> str:
        return "memory"


def printer_for(kind: str) -> Printer:
    return Paper() if kind == "paper" else Memory()


@app.post("/print/{kind}")
async def print_text(kind: str, text: str) -> str:
    printer = printer_for(kind)
    printer.print(text)  # expect: RW305
    return printer.name()


@app.post("/memory")
async def remember(text: str) -> str:
    printer = printer_for("memory")
    printer.print(text)
    return printer.name()
