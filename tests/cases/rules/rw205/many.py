# One finding for a module that reads everything; few reads are told one by one
import os

from fastapi import FastAPI

A0 = os.getenv("A0")  # expect: RW205
A1 = os.getenv("A1")
A2 = os.getenv("A2")
A3 = os.getenv("A3")
A4 = os.getenv("A4")
A5 = os.getenv("A5")
A6 = os.getenv("A6")
A7 = os.getenv("A7")
A8 = os.getenv("A8")
A9 = os.getenv("A9")
A10 = os.getenv("A10")
A11 = os.getenv("A11")
A12 = os.getenv("A12")


app = FastAPI()


@app.get("/zone")
async def zone() -> str:
    first = os.getenv("ZONE")  # expect: RW205
    return first or os.environ["REGION"]  # expect: RW205
