# Plain Starlette routes of a FastAPI application run on the loop too.
import time

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

app = FastAPI()


async def raw(request: Request) -> PlainTextResponse:
    time.sleep(0.1)  # expect: RW303
    return PlainTextResponse(request.url.path)


def raw_in_pool(request: Request) -> PlainTextResponse:
    time.sleep(0.1)
    return PlainTextResponse(request.url.path)


app.add_route("/raw", raw)
app.add_route("/raw-pool", raw_in_pool)
