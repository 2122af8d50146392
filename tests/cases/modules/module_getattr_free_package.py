# Handlers imported from a sub-package and registered by the package's __init__.
# file: app/__init__.py
# file: app/main.py
from fastapi import FastAPI

from app.routes import router

app = FastAPI(title="reexported router")
app.include_router(router, prefix="/api")
# file: app/routes/__init__.py
from fastapi import APIRouter

from app.routes.health import router as health_router
from app.routes.jobs import router as jobs_router

router = APIRouter()
router.include_router(health_router)
router.include_router(jobs_router, prefix="/jobs")
# file: app/routes/health.py
from fastapi import APIRouter

router = APIRouter()


@router.get("/health")
async def health() -> dict[str, str]:
    return {"status": "ok"}
# file: app/routes/jobs.py
import subprocess

from fastapi import APIRouter

router = APIRouter()


@router.post("/{name}")
async def start(name: str) -> dict[str, int]:
    done = subprocess.run(["make", name], check=False)  # expect: RW305
    return {"code": done.returncode}
