# An application of one file under 100 lines
from fastapi import FastAPI

app = FastAPI()


@app.get("/r0")
async def r0() -> int:
    return 0


@app.get("/r1")
async def r1() -> int:
    return 1


@app.get("/r2")
async def r2() -> int:
    return 2


@app.get("/r3")
async def r3() -> int:
    return 3


@app.get("/r4")
async def r4() -> int:
    return 4
