# The machine's time zone is read by the first call and kept: advice, whatever a platform asks
# file: main.py
import tzlocal
from fastapi import FastAPI

app = FastAPI()
ZONE = tzlocal.get_localzone()


@app.get("/zone")
async def zone() -> str:
    return str(tzlocal.get_localzone())  # expect: RW304 advice


@app.get("/kept")
async def kept() -> str:
    return str(ZONE)
