# An assignment expression calls and keeps.
import time

from fastapi import FastAPI

app = FastAPI()


class Source:
    def next_line(self) -> str:
        time.sleep(0.1)
        return ""

    def name(self) -> str:
        return "source"


@app.get("/lines")
async def lines() -> list[str]:
    source = Source()
    found = []
    while line := source.next_line():  # expect: RW303
        found.append(line)
    if (name := source.name()) and name.isalpha():
        found.append(name)
    return found
