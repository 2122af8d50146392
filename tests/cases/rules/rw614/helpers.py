# Errors answered as success by helpers and envelopes; answers that only tell of states
# file: app/__init__.py
# file: app/answers.py
def failed(message: str) -> dict:
    return {"success": False, "message": message}


def done(data: object) -> dict:
    return {"success": True, "data": data}
# file: app/main.py
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from app.answers import done, failed

app = FastAPI()


@app.get("/a/{key}")
async def a(key: int):
    if key > 3:
        return {"error": "not found"}  # expect: RW614
    return {"key": key}


@app.get("/b/{key}")
async def b(key: int):
    if key > 3:
        return {"detail": "not found"}, 404  # expect: RW614
    return {"key": key}


@app.get("/c/{key}")
async def c(key: int, response: Response):
    if key > 3:
        response.status_code = 404
        return {"error": "not found"}
    return {"key": key}


@app.get("/d/{key}")
async def d(key: int):
    if key > 3:
        return JSONResponse({"error": "not found"}, 404)
    return done(key)


@app.get("/e/{key}")
async def e(key: int):
    if key > 3:
        return failed("not found")  # expect: RW614
    return done(key)


@app.get("/f/{key}")
async def f(key: int):
    try:
        return {"key": 1 // key}
    except ZeroDivisionError as problem:
        return {"status": "error", "message": str(problem)}  # expect: RW614

