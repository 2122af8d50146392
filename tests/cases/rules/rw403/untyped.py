# Queries in handlers on sessions without annotations
from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import Column, Integer, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
SessionLocal = sessionmaker(bind=create_engine("postgresql://db/shop"))
router = APIRouter()


class Item(Base):
    __tablename__ = "items"
    id = Column(Integer, primary_key=True)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@router.get("/items")  # expect: RW403
def read(db=Depends(get_db)):
    return db.query(Item).all()


@router.get("/items/{key}")
def read_one(key: int, db=Depends(get_db)):
    return db.get(Item, key)


app = FastAPI()
app.include_router(router)
