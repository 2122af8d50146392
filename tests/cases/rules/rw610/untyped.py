# Sessions without annotations, in the style of older services
from fastapi import Depends, FastAPI
from sqlalchemy import Column, Integer, String, create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
SessionLocal = sessionmaker(bind=create_engine("postgresql://db/shop"))
app = FastAPI()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    email = Column(String, unique=True)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def save(db, email):
    user = User(email=email)
    db.add(user)
    db.commit()  # expect: RW610
    db.refresh(user)
    return user


def save_caught(db, email):
    db.add(User(email=email))
    try:
        db.commit()
    except IntegrityError:
        db.rollback()


@app.post("/users")
def create(email: str, db=Depends(get_db)):
    save(db, email)
    save_caught(db, email)
    return "saved"
