# Every kind of decorator that makes a route.
import time

from fastapi import FastAPI

app = FastAPI()


@app.put("/put")
async def put() -> None:
    time.sleep(0.1)  # expect: RW303


@app.patch("/patch")
async def patch() -> None:
    time.sleep(0.1)  # expect: RW303


@app.delete("/delete")
async def delete() -> None:
    time.sleep(0.1)  # expect: RW303


@app.options("/options")
async def options() -> None:
    time.sleep(0.1)  # expect: RW303


@app.head("/head")
async def head() -> None:
    time.sleep(0.1)  # expect: RW303


@app.api_route("/any", methods=["GET", "POST"])
async def anything() -> None:
    time.sleep(0.1)  # expect: RW303


@app.get("/a")
@app.get("/b")
async def two_paths() -> None:
    time.sleep(0.1)  # expect: RW303
