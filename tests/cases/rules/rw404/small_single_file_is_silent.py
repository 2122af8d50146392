# An application of one file under 100 lines
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Pen(BaseModel):
    colour: str


@app.post("/pens")
async def add_pen(pen: Pen) -> Pen:
    return pen
