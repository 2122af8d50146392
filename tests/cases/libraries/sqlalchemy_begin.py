# sessionmaker.begin(): leaving the block commits.
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite:///app.db"))


@app.post("/touch", status_code=204)
async def touch() -> None:
    with SessionLocal.begin() as session:  # expect: RW302
        session.execute(text("select 1"))  # expect: RW302
