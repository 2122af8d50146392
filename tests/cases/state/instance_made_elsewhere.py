# An attribute that is None at first and set by a method.
import time

from fastapi import FastAPI

app = FastAPI()


class Printer:
    def print(self, text: str) -> int:
        time.sleep(0.1)
        return len(text)


class Office:
    def __init__(self) -> None:
        self.printer: Printer | None = None

    def install(self) -> None:
        self.printer = Printer()

    def print(self, text: str) -> int:
        if self.printer is None:
            return 0
        return self.printer.print(text)


office = Office()
office.install()


@app.post("/print")
async def print_text(text: str) -> int:
    return office.print(text)  # expect: RW303
