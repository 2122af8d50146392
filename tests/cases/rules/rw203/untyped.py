# Rows that handlers without annotations return
from fastapi import Depends, FastAPI
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
SessionLocal = sessionmaker(bind=create_engine("postgresql://db/shop"))
app = FastAPI()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    name = Column(String)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def find(db, key):
    return db.query(User).filter(User.id == key).first()


@app.get("/users/{key}")  # expect: RW203
def read(key: int, db=Depends(get_db)):
    return find(db, key)


@app.get("/users")  # expect: RW203
def read_all(db=Depends(get_db)):
    return db.query(User).all()


@app.get("/names")
def read_names(db=Depends(get_db)):
    return [user.name for user in db.query(User).all()]
