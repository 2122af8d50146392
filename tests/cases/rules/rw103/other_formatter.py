# The project is formatted by ruff, with single quotes, and its own check passes
# file: pyproject.toml
[tool.ruff.format]
quote-style = "single"
# file: main.py
from fastapi import FastAPI

import other

app = FastAPI()


@app.get('/')
async def root() -> str:
    return other.NAME

# file: other.py
"""Not formatted."""  # expect: RW103
NAME = 'a'+'b'
