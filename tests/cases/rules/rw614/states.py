# The state of a thing that has failed is an answer; a failure of the request is none
from fastapi import FastAPI

app = FastAPI()


@app.get("/payments/{id}")
async def payment(id: int):
    if id == 1:
        return {"paid": False, "status": "failed"}
    return {"paid": True, "status": "done"}


@app.get("/orders/{id}")
async def order(id: int):
    if id == 1:
        return {"status": "failed", "message": "no order", "data": None}  # expect: RW614
    return {"status": "ok", "data": id}
