# A middleware that authenticates counts as security.
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


@app.middleware("http")
async def authenticate(request: Request, call_next):
    if request.headers.get("Authorization") is None:
        return JSONResponse({"detail": "Who are you?"}, status_code=401)
    return await call_next(request)


@app.post("/items")
async def create_item() -> None: ...
