# psutil: reading the table of processes, and measuring over an interval.
import psutil
from fastapi import FastAPI

app = FastAPI()


@app.get("/load")
async def load() -> float:
    psutil.cpu_percent(interval=None)
    psutil.cpu_percent(interval=0)
    psutil.virtual_memory()
    psutil.cpu_percent(1)  # expect: RW303
    return psutil.cpu_percent(interval=0.5)  # expect: RW303


@app.get("/processes")
async def processes() -> list[int]:
    return [process.pid for process in psutil.process_iter()]  # expect: RW304
