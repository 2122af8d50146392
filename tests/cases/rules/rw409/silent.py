# Health, metrics, docs, auth and webhook routes, pages and hidden routes need no version
from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse

app = FastAPI()
auth = APIRouter(prefix="/auth")
api = APIRouter(prefix="/api")
v2 = APIRouter(prefix="/v2")
internal = APIRouter(prefix="/internal")
newest = APIRouter(prefix="/latest")


@auth.post("/login")
async def log_in() -> int:
    return 0


@v2.get("/pens")
async def read_pens() -> int:
    return 0


@app.get("/")
async def read_index() -> int:
    return 0


@app.get("/health")
async def read_health() -> int:
    return 0


@app.get("/metrics")
async def read_metrics() -> int:
    return 0


@app.post("/webhooks/payments")
async def take_payment() -> int:
    return 0


@app.get("/about", response_class=HTMLResponse)
async def read_about() -> str:
    return "<p>pens</p>"


@app.get("/hidden", include_in_schema=False)
async def read_hidden() -> int:
    return 0


@internal.get("/jobs")
async def read_jobs() -> int:
    return 0


@newest.get("/pens")
async def read_newest_pens() -> int:
    return 0


app.include_router(internal, include_in_schema=False)
app.include_router(newest)
api.include_router(v2)
app.include_router(auth)
app.include_router(api)
