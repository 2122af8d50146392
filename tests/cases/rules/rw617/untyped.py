# Rows of other users, loaded by handlers without annotations
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy import Column, ForeignKey, Integer, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

Base = declarative_base()
SessionLocal = sessionmaker(bind=create_engine("postgresql://db/shop"))
oauth2 = OAuth2PasswordBearer(tokenUrl="token")
app = FastAPI()


class Note(Base):
    __tablename__ = "notes"
    id = Column(Integer, primary_key=True)
    user_id = Column(Integer, ForeignKey("users.id"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def current_user(token=Depends(oauth2)):
    return token


@app.get("/notes/{note_id}")  # expect: RW617
def read(note_id: int, db=Depends(get_db), user=Depends(current_user)):
    note = db.query(Note).filter(Note.id == note_id).first()
    if note is None:
        raise HTTPException(404)
    return note.id


@app.delete("/notes/{note_id}")
def delete(note_id: int, db=Depends(get_db), user=Depends(current_user)):
    note = db.query(Note).filter(Note.id == note_id, Note.user_id == user).first()
    db.delete(note)
    db.commit()
