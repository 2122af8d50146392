# The project's ruff ignores some codes, and some lines
# file: pyproject.toml
[tool.ruff.lint]
ignore = ["ANN201"]

[tool.ruff.lint.per-file-ignores]
"legacy.py" = ["ANN"]
# file: main.py
from fastapi import FastAPI

import legacy

app = FastAPI()


@app.get("/")
async def root(limit):  # expect: RW101
    return legacy.old(limit)


@app.get("/quiet")
async def quiet(limit) -> int:  # noqa: ANN001
    return limit
# file: legacy.py
def old(limit):
    return limit
