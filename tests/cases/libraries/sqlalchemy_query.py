# The legacy Query: building it is silent, what runs it is not.
# file: app/__init__.py
# file: app/models.py
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

engine = create_engine("sqlite:///app.db")
SessionLocal = sessionmaker(bind=engine)


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
# file: app/main.py
from app.models import SessionLocal, User
from fastapi import FastAPI
from sqlalchemy.orm import Query, Session

app = FastAPI()


def named(db: Session, name: str) -> Query[User]:
    return db.query(User).filter(User.name == name)


@app.get("/users/{name}")
async def read(name: str) -> list[int]:
    db = SessionLocal()
    query = named(db, name).order_by(User.id)
    first = query.first()  # expect: RW302
    rows = query.limit(5).all()  # expect: RW302
    total = query.count()  # expect: RW302
    others = [user.id for user in query]  # expect: RW302
    db.close()
    return [first.id if first else 0, len(rows), total, *others]


@app.post("/users", status_code=201)
async def add(name: str) -> None:
    db = SessionLocal()
    user = User(name=name)
    db.add(user)
    db.flush()  # expect: RW302
    db.commit()  # expect: RW302
    db.close()
