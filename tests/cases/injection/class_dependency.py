# A class as a dependency is made in the threadpool; its methods run where they are called.
import time
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class Reports:
    def __init__(self, year: int = 2026) -> None:
        time.sleep(0.1)
        self.year = year

    def build(self) -> str:
        time.sleep(1)
        return str(self.year)

    async def build_later(self) -> str:
        time.sleep(1)  # expect: RW303
        return str(self.year)


@app.get("/title")
async def title(reports: Annotated[Reports, Depends()]) -> int:
    return reports.year


@app.get("/build")
async def build(reports: Annotated[Reports, Depends()]) -> str:
    return reports.build()  # expect: RW303


@app.get("/default-style")
async def build_default(reports: Reports = Depends()) -> str:
    return reports.build()  # expect: RW303


@app.get("/later")
async def build_later(reports: Reports = Depends(Reports)) -> str:
    return await reports.build_later()
