# The class to make is looked up in a table.
import time

from fastapi import FastAPI

app = FastAPI()


class Csv:
    def parse(self, text: str) -> list[str]:
        return text.split(",")


class Remote:
    def parse(self, text: str) -> list[str]:
        time.sleep(1)
        return [text]


PARSERS: dict[str, type[Csv] | type[Remote]] = {"csv": Csv, "remote": Remote}


@app.post("/parse/{kind}")
async def parse(kind: str, text: str) -> list[str]:
    parser = PARSERS[kind]()
    return parser.parse(text)  # expect: RW303


@app.post("/csv")
async def parse_csv(text: str) -> list[str]:
    return PARSERS["csv"]().parse(text)
