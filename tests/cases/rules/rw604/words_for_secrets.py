# Words for something, and examples within a field's arguments
from fastapi import FastAPI
from pydantic import BaseModel, Field

REASON_MISSING_SECRET = "missing_secret"
DATABASE_PASSWORD = "pa55-missing"  # expect: RW604


class Secret(BaseModel):
    value: object = Field(
        default=..., examples=["sk-1", {"username": "ann", "password": "s3cr3t"}]
    )


app = FastAPI()


@app.post("/secrets")
async def create(secret: Secret) -> str:
    return REASON_MISSING_SECRET
