# Path arithmetic and pure questions touch no disk; exists() and stat() do, mildly.
from pathlib import Path

from fastapi import FastAPI

app = FastAPI()
ROOT = Path("/srv/files")


@app.get("/files/{name}")
async def describe(name: str) -> dict[str, object]:
    path = ROOT / name
    parent = path.parent.with_suffix(".d")
    if not path.exists():  # expect: RW304 advice
        return {"parent": str(parent)}
    return {
        "suffix": path.suffix,
        "size": path.stat().st_size,  # expect: RW304 advice
        "inside": path.is_relative_to(ROOT),
    }
