# Test cases of unittest that are not about the API, and plain classes of pytest
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/me")
    async def me(user: Annotated[str, Depends(get_user)]) -> str:
        return user

    return app


async def get_user() -> str:
    return "somebody"


app = create_app()
# file: test_main.py
import unittest

from fastapi.testclient import TestClient

from main import app


class TestWords(unittest.TestCase):
    def test_upper(self) -> None:
        self.assertEqual("a".upper(), "A")


class TestPlain:
    client = TestClient(app)

    def test_me(self) -> None:
        assert self.client.get("/me").status_code == 200


class TestAsync(unittest.IsolatedAsyncioTestCase):  # expect: RW703
    def test_me(self) -> None:
        with TestClient(app) as client:
            self.assertEqual(client.get("/me").status_code, 200)
