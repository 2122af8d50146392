# What `if TYPE_CHECKING:` declares of a class: it hides nothing and tells what a proxy has.
import threading
import time
from typing import TYPE_CHECKING

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
_LOCK = threading.Lock()


class Base(BaseModel):
    if TYPE_CHECKING:

        def __init__(self, /, **data: object) -> None: ...

        def model_post_init(self, context: object, /) -> None: ...

    def model_post_init(self, context: object, /) -> None:
        with _LOCK:
            pass


class Child(Base):
    name: str


class Core:
    def wait(self) -> None:
        time.sleep(1)

    def quick(self) -> int:
        return 1


if TYPE_CHECKING:

    class Facade(Core):
        pass

else:

    class Facade:
        def __init__(self):
            self.__dict__["_core"] = Core()

        def __getattr__(self, name):
            return getattr(self.__dict__["_core"], name)


facade = Facade()


@app.get("/model")
async def model() -> str:
    return Child(name="x").name  # expect: RW307


@app.get("/facade")
async def through_facade() -> int:
    facade.wait()  # expect: RW303
    return facade.quick()
