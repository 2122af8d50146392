# Keys that are sentences, words for themselves that sign, and open identifiers
# file: main.py
from fastapi import FastAPI

from strategies import Manager, Strategy

RESET_PASSWORD_TOKEN_SECRET = "SECRET"  # expect: RW604
JWT_SECRET_KEY = "change this in production"  # expect: RW604
SECRET_KEY = "<your secret here>"
MISSING_SECRET = "The secret is missing"
SECRET = "SECRET"  # expect: RW604
DATABASE = {"user": "postgres", "password": "postgres"}  # expect: RW604
ASSETS = {
    "gold": {"mint": "F9TgEJLLRUKDRF16Hgj", "price_token": "F9TgEJLLRUKDRF16Hgj"},
    "iron": {"price_token": "A7bdiYdS5GjqGFtxf17"},  # expect: RW604
}


class Users(Manager):
    reset_password_token_secret = SECRET


app = FastAPI()


@app.get("/")
async def root() -> str:
    return str(Strategy(secret=SECRET)) + MISSING_SECRET


# file: strategies.py
class Manager:
    reset_password_token_secret: str


class Strategy:
    def __init__(self, secret: str) -> None:
        self.secret = secret
