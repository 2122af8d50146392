# A literal or a constant; from the settings, a condition or a script's main block is silent.
import os

import uvicorn
from fastapi import FastAPI
from pydantic_settings import BaseSettings

DEBUG = True


class Settings(BaseSettings):
    debug: bool = True


settings = Settings()
one = FastAPI(title="one", debug=DEBUG)  # expect: RW616
two = FastAPI(debug=settings.debug)
three = FastAPI(debug=os.environ.get("DEBUG") == "1")
four = FastAPI(debug=False)


def serve() -> None:
    uvicorn.run("main:one", reload=True)  # expect: RW616


def serve_well() -> None:
    uvicorn.run("main:one", reload=settings.debug)


def main() -> None:
    uvicorn.run("main:one", reload=True)


if __name__ == "__main__":
    main()
    uvicorn.run("main:one", reload=True)
