# Error bodies under the default status; the finding stands on the return.
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

app = FastAPI()


@app.get("/a/{key}")
async def a(key: int):
    if key == 1:
        return {"success": False, "message": "no"}  # expect: RW614
    if key == 2:
        return {"detail": "no"}, 404  # expect: RW614
    if key == 3:
        return {"status": "error"}  # expect: RW614
    if key == 4:
        return {"error": f"no {key}"}  # expect: RW614
    return {"success": True, "error": None}


@app.get("/b")
async def b(response: Response):
    response.status_code = 404
    return {"error": "no"}


@app.get("/c")
async def c():
    return JSONResponse({"error": "no"}, status_code=404)


@app.get("/d", status_code=501)
async def d():
    return {"error": "not made yet"}


@app.get("/e")
async def e():
    return {"error": None, "items": []}


def helper():
    return {"error": "no"}
