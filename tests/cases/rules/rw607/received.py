# A login that has happened elsewhere, whose result is received
from fastapi import FastAPI

app = FastAPI()


@app.post("/success")
async def receive_login(key: str) -> str:
    return key


@app.post("/user-login")  # expect: RW607
async def user_login(name: str, password: str) -> str:
    return name
