# An engine of one run of a function, for a probe, is none that the routes use
from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()


def probe(url: str) -> str:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    finally:
        engine.dispose()
    return "up"


def made(url: str) -> object:
    engine = create_engine(url)  # expect: RW310
    return engine


@app.get("/probe")
def read_probe(url: str) -> str:
    with made(url).connect():
        return probe(url)
