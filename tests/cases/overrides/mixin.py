# Methods that come from mixins, and one that a later class in the order overrides.
import logging
import time

from fastapi import FastAPI

app = FastAPI()
log = logging.getLogger(__name__)


class SlowSave:
    def save(self) -> str:
        time.sleep(0.5)
        return "saved"


class Logged:
    def save(self) -> str:
        log.info("saving")
        return super().save()  # type: ignore[misc]


class QuickSave:
    def save(self) -> str:
        return "kept"


class Order(Logged, SlowSave):
    pass


class Draft(Logged, QuickSave):
    pass


class Hidden(QuickSave, SlowSave):
    pass


@app.post("/orders")
async def save_order() -> str:
    return Order().save()  # expect: RW303


@app.post("/drafts")
async def save_draft() -> str:
    return Draft().save()


@app.post("/hidden")
async def save_hidden() -> str:
    return Hidden().save()
