# A validator that hashes the password, and the same hash made in the threadpool.
import bcrypt
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, field_validator

app = FastAPI()


def hash_password(password: str) -> str:
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt()).decode()


class SignUp(BaseModel):
    name: str
    password: str

    @field_validator("password")
    @classmethod
    def hashed(cls, value: str) -> str:
        return hash_password(value)  # expect: RW306


class Change(BaseModel):
    password: str


@app.post("/users")
async def sign_up(body: SignUp) -> str:
    return body.name


@app.post("/password")
async def change(body: Change) -> int:
    return len(await run_in_threadpool(hash_password, body.password))
