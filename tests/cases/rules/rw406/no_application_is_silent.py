# A project without any application is a library of routers
from fastapi import APIRouter

router = APIRouter()


@router.get("/ink")
async def read_ink() -> int:
    return 0
