# A session injected without an annotation, and the repository calls made with it.
# file: app/__init__.py
# file: app/database.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(bind=engine)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
# file: app/crud.py
from sqlalchemy import text


def find_user(db, name):
    return db.execute(text("select 1 where :n = 'a'"), {"n": name}).first()


def user_label(db, name):
    return f"{name} in {db.bind.url}"
# file: app/main.py
from app import crud
from app.database import get_db
from fastapi import Depends, FastAPI
from sqlalchemy import text

app = FastAPI()


@app.get("/direct")
async def direct(db=Depends(get_db)):
    return db.execute(text("select 1")).scalar_one()  # expect: RW302


@app.get("/users/{name}")
async def read_user(name: str, db=Depends(get_db)):
    row = crud.find_user(db, name)  # expect: RW302
    return {"found": row is not None, "label": crud.user_label(db, name)}


@app.get("/pool")
def in_pool(db=Depends(get_db)):
    return db.execute(text("select 1")).scalar_one()
