# A middleware that limits counts for every route.
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()
seen: list[str] = []


@app.middleware("http")
async def few(request: Request, call_next):
    if len(seen) > 100:
        return JSONResponse({"detail": "later"}, status_code=429)
    return await call_next(request)


@app.post("/login")
async def login(name: str, password: str) -> None: ...
