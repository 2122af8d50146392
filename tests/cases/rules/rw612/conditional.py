# A conditional expression narrows an error as a statement does
from fastapi import FastAPI, HTTPException

app = FastAPI()


def build(name: str) -> str:
    assert name, "a name is missing"
    return name


@app.post("/builds")
async def start(name: str) -> str:
    try:
        return build(name)
    except Exception as exc:
        detail = str(exc) if isinstance(exc, AssertionError) else "it failed"
        raise HTTPException(500, detail) from exc


@app.post("/others")
async def other(name: str) -> str:
    try:
        return build(name)
    except Exception as exc:
        detail = "a name" if isinstance(exc, AssertionError) else str(exc)
        raise HTTPException(500, detail) from exc  # expect: RW612
