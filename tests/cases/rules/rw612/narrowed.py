# An error that `isinstance` has told to be foreseen is meant for the client
from fastapi import FastAPI, HTTPException
from sqlalchemy.exc import SQLAlchemyError

app = FastAPI()


class FlowError(Exception):
    pass


def build(name: str) -> str:
    raise FlowError(name)


@app.post("/builds")
async def start(name: str) -> str:
    try:
        return build(name)
    except Exception as exc:
        if isinstance(exc, (FlowError, ValueError)):
            raise HTTPException(400, str(exc)) from exc
        if isinstance(exc, SQLAlchemyError):
            raise HTTPException(409, str(exc)) from exc  # expect: RW612
        raise HTTPException(500, str(exc)) from exc  # expect: RW612
