# Between the attempts of a function that is not async, retrying sleeps in the thread.
import random

import backoff
import tenacity
from fastapi import FastAPI
from tenacity import Retrying, retry, stop_after_attempt, wait_exponential

app = FastAPI()


@retry(stop=stop_after_attempt(3), wait=wait_exponential())
def waits() -> float:
    return random.random()


@retry(stop=stop_after_attempt(3))
def at_once() -> float:
    return random.random()


@retry
def plainly() -> float:
    return random.random()


@tenacity.retry(wait=wait_exponential())
async def waits_async() -> float:
    return random.random()


@backoff.on_exception(backoff.expo, ValueError, max_tries=3)
def backs_off() -> float:
    return random.random()


@backoff.on_exception(backoff.expo, ValueError, max_tries=3)
async def backs_off_async() -> float:
    return random.random()


@retry(wait=wait_exponential())
async def chunks():
    yield random.random()


@retry(wait=wait_exponential())
def numbers():
    yield random.random()


class Client:
    @retry(wait=wait_exponential())
    def ask(self) -> float:
        return random.random()


@app.get("/")
async def read() -> float:
    total = waits()  # expect: RW303
    total += at_once() + plainly()
    total += await waits_async() + await backs_off_async()
    total += backs_off()  # expect: RW303
    total += Client().ask()  # expect: RW303
    async for chunk in chunks():
        total += chunk
    total += sum(numbers())
    for attempt in Retrying(stop=stop_after_attempt(2)):  # expect: RW303
        with attempt:
            total += 1
    return total
