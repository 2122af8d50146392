# An instance with an async __call__ as a handler.
import time

from fastapi import FastAPI

app = FastAPI()


class Health:
    async def __call__(self) -> str:
        time.sleep(0.1)  # expect: RW303
        return "ok"


class Version:
    def __call__(self) -> str:
        time.sleep(0.1)
        return "1"


app.add_api_route("/health", Health(), methods=["GET"], name="health")
app.add_api_route("/version", Version(), methods=["GET"], name="version")
