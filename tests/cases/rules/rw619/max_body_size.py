# FastAPI's own limit, at the route, the router, the inclusion
from fastapi import APIRouter, FastAPI, UploadFile

app = FastAPI()
limited = APIRouter(max_body_size=1_000_000)
included = APIRouter()
bare = APIRouter(max_body_size=None)


@app.post("/route", max_body_size=1_000_000)
async def route(file: UploadFile) -> int:
    return len(await file.read())


@limited.post("/router")
async def router(file: UploadFile) -> int:
    return len(await file.read())


@included.post("/included")
async def inclusion(file: UploadFile) -> int:
    return len(await file.read())


@bare.post("/bare")
async def nowhere(file: UploadFile) -> int:
    return len(await file.read())  # expect: RW619


app.include_router(limited)
app.include_router(included, max_body_size=1_000_000)
app.include_router(bare)
