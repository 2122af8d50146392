# A protocol that asks for status 200, and a failure that only looks like its answers
from fastapi import FastAPI

app = FastAPI()


@app.get("/lnurl")
async def lnurl(amount: int) -> dict[str, str]:
    if amount < 1:
        return {"status": "ERROR", "reason": "too little"}
    return {"pr": "lnbc1"}


@app.get("/calls")
async def calls() -> dict[str, object]:
    return {"jsonrpc": "2.0", "error": {"code": -32601, "message": "no such method"}}


@app.get("/items")
async def items(found: bool) -> dict[str, str]:
    if not found:
        return {"status": "error", "message": "no such item"}  # expect: RW614
    return {"name": "a lamp"}
