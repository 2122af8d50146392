# __aenter__ and __aexit__ run on the loop.
import time
from types import TracebackType

from fastapi import FastAPI

app = FastAPI()


class Lease:
    async def __aenter__(self) -> "Lease":
        time.sleep(0.1)  # expect: RW303
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()  # expect: RW303

    def release(self) -> None:
        time.sleep(0.1)


@app.get("/lease")
async def lease() -> str:
    async with Lease():
        return "leased"
