# A schema made in the handler: its validators are entered at that call.
import time

from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()


class Label(BaseModel):
    text: str

    @field_validator("text")
    @classmethod
    def spelled(cls, value: str) -> str:
        time.sleep(0.1)
        return value


class Plain(BaseModel):
    text: str


@app.get("/label")
async def label(text: str) -> str:
    made = Label(text=text)  # expect: RW303
    return made.text


@app.get("/validated")
async def validated(text: str) -> str:
    return Label.model_validate({"text": text}).text  # expect: RW303


@app.get("/plain")
async def plain(text: str) -> str:
    return Plain(text=text).text


@app.get("/pool")
def pool(text: str) -> str:
    return Label(text=text).text
