# A flat application of many modules, whose parts nobody can tell from their names
# file: app/__init__.py
# file: app/alpha.py
def alpha() -> int:
    return 0
# file: app/beta.py
def beta() -> int:
    return 1
# file: app/gamma.py
def gamma() -> int:
    return 2
# file: app/delta.py
def delta() -> int:
    return 3
# file: app/epsilon.py
def epsilon() -> int:
    return 4
# file: app/zeta.py
def zeta() -> int:
    return 5
# file: app/eta.py
def eta() -> int:
    return 6
# file: app/theta.py
def theta() -> int:
    return 7
# file: app/iota.py
def iota() -> int:
    return 8
# file: app/kappa.py
def kappa() -> int:
    return 9
# file: app/stuff.py
from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app import alpha, beta, gamma, delta, epsilon, zeta, eta, theta, iota, kappa

engine = create_engine("postgresql://localhost/shop")
router = APIRouter()
EVERYTHING = [alpha, beta, gamma, delta, epsilon, zeta, eta, theta, iota, kappa]


class Base(DeclarativeBase):
    pass


class Pen(Base):
    __tablename__ = "pens"
    id: Mapped[int] = mapped_column(primary_key=True)


class PenOut(BaseModel):
    id: int


@router.get("/pens")
def read_pens() -> list[PenOut]:
    with Session(engine) as session:
        return [PenOut(id=pen.id) for pen in session.scalars(select(Pen))]
# file: app/things.py
from pydantic_settings import BaseSettings


class Values(BaseSettings):
    name: str = "pens"
# file: app/run.py
"""The application."""  # expect: RW402

from fastapi import FastAPI

from app import stuff, things

app = FastAPI(title=things.Values().name)
app.include_router(stuff.router)
