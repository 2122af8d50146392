# The blocking function is imported by name and under another name.
from time import sleep
from time import sleep as pause

from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/jobs")


@router.post("/{job_id}/retry")
async def retry(job_id: int) -> dict[str, int]:
    sleep(1)  # expect: RW303
    return {"job": job_id}


@router.post("/{job_id}/cancel")
async def cancel(job_id: int) -> dict[str, int]:
    pause(1)  # expect: RW303
    return {"job": job_id}


app = FastAPI()
app.include_router(router)
