# A module that holds a `TestCase` is one of tests, wherever it lies
# file: app/__init__.py
# file: app/self_check.py
import unittest


class SelfCheck(unittest.TestCase):
    user = {"name": "ann", "password": "Pa55word!"}

    def test_nothing(self) -> None:
        self.assertTrue(self.user)
# file: app/main.py
from fastapi import FastAPI

from app.self_check import SelfCheck

app = FastAPI()
ADMIN = {"name": "ann", "password": "Pa55word!"}  # expect: RW604


@app.get("/checks")
async def checks() -> int:
    return SelfCheck().countTestCases()
