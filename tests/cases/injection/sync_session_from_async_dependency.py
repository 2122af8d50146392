# An async generator dependency that hands out a sync session.
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(engine)
app = FastAPI()


async def get_db() -> AsyncIterator[Session]:
    db = SessionLocal()
    try:
        yield db
        db.commit()  # expect: RW302
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()


@app.get("/rows")
async def rows(db: Session = Depends(get_db)) -> list[int]:
    return list(db.scalars(text("select 1")))  # expect: RW302
