# with Session(engine): making and closing a session is silent, its queries are not.
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()
engine = create_engine("sqlite:///app.db")


@app.get("/count")
async def count() -> int:
    with Session(engine) as session:
        statement = text("select count(*) from items")
        result = session.execute(statement)  # expect: RW302
        return result.scalar_one()


@app.post("/touch", status_code=204)
async def touch() -> None:
    session = Session(engine)
    try:
        session.execute(text("update items set seen = 1"))  # expect: RW302
        session.commit()  # expect: RW302
    except ValueError:
        session.rollback()
        raise
    finally:
        session.close()
