# Branches of a condition, a router included under two prefixes or twice, two applications
import os

from fastapi import APIRouter, FastAPI

app = FastAPI()
admin = FastAPI()
router = APIRouter()


@router.get("/pens")
async def read_pens() -> int:
    return 0


app.include_router(router, prefix="/v1")
app.include_router(router, prefix="/v2")

if os.environ.get("FAST"):

    @app.get("/inks")
    async def read_inks() -> int:
        return 0

else:

    @app.get("/inks")
    async def read_inks_slowly() -> int:
        return 1


@app.get("/clips")
async def read_clips() -> int:
    return 0


@admin.get("/clips")
async def administer_clips() -> int:
    return 0


app.mount("/admin", admin)
