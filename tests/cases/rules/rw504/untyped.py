# A dependency without annotations that yields outside of `try`
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker(bind=create_engine("postgresql://db/shop"))
app = FastAPI()


def get_db():
    db = SessionLocal()
    yield db  # expect: RW504
    db.close()


def closed():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@app.get("/")
def read(db=Depends(get_db), other=Depends(closed)):
    return db.execute(text("SELECT 1")).scalar()
