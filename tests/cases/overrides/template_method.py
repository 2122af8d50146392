# A base method that calls a hook: the subclass at hand decides.
import time

from fastapi import FastAPI

app = FastAPI()


class Importer:
    def run(self) -> list[str]:
        return [row.strip() for row in self.rows()]

    def rows(self) -> list[str]:
        return []


class SlowImporter(Importer):
    def rows(self) -> list[str]:
        time.sleep(1)
        return ["a "]


class FixedImporter(Importer):
    def rows(self) -> list[str]:
        return ["b "]


@app.post("/slow")
async def slow() -> list[str]:
    return SlowImporter().run()  # expect: RW303


@app.post("/fixed")
async def fixed() -> list[str]:
    return FixedImporter().run()


@app.post("/base")
async def base() -> list[str]:
    return Importer().run()
