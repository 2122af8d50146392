# The project's own line length holds; tests are left out
# file: pyproject.toml
[tool.black]
line-length = 120

[tool.isort]
profile = "black"
line_length = 120
# file: main.py
from fastapi import FastAPI

import unsorted

app = FastAPI(title="A service with a title that is rather long", description="And words about it")


@app.get("/")
async def root() -> str:
    return unsorted.NAME

# file: unsorted.py
import sys  # expect: RW103
import os

NAME = os.name + sys.platform

# file: tests/test_main.py
def test_main( ) -> None:
    assert True
