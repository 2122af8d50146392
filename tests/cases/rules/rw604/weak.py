# Weak secrets and placeholders that nothing rejects are secrets in the code as well.
from fastapi import FastAPI
from pydantic_settings import BaseSettings

app = FastAPI()
SECRET_KEY = "secret"  # expect: RW604
JWT_SECRET = "your-secret-key-here"  # expect: RW604


class Settings(BaseSettings):
    secret_key: str = "super-secret-key"  # expect: RW604
    db_password: str = "password"  # expect: RW604
    client_secret: str = "shop_client_secret"
    password: str = "password"


@app.get("/items")
async def read_items() -> None: ...
