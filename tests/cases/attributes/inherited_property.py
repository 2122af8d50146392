# A property inherited from a base class, and one that a subclass overrides.
import time

from fastapi import FastAPI

app = FastAPI()


class Base:
    @property
    def token(self) -> str:
        time.sleep(0.2)
        return "t"


class Plain(Base):
    pass


class Memory(Base):
    @property
    def token(self) -> str:
        return "m"


@app.get("/plain")
async def plain() -> str:
    return Plain().token  # expect: RW303


@app.get("/memory")
async def memory() -> str:
    return Memory().token
