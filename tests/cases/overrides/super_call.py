# An override that calls super() blocks like its base; one that does not is silent.
import time

from fastapi import FastAPI

app = FastAPI()


class Client:
    def send(self, text: str) -> int:
        time.sleep(0.1)
        return len(text)


class Traced(Client):
    def send(self, text: str) -> int:
        return super().send(text) + 1


class Fake(Client):
    def send(self, text: str) -> int:
        return 0


@app.post("/traced")
async def traced(text: str) -> int:
    return Traced().send(text)  # expect: RW303


@app.post("/fake")
async def fake(text: str) -> int:
    return Fake().send(text)
