# Active records over a scoped session, and query properties.
# file: app/__init__.py
# file: app/database.py
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import declarative_base, object_session, relationship, scoped_session, sessionmaker

engine = create_engine("mysql+pymysql://localhost/app")
Session = scoped_session(sessionmaker(bind=engine))
current: ContextVar[OrmSession] = ContextVar("current")


class ActiveRecord:
    @classmethod
    def find(cls, id):
        return Session.get(cls, id)

    @classmethod
    def where(cls, **filters):
        return Session.query(cls).filter_by(**filters)

    def save(self):
        Session.add(self)
        Session.commit()
        return self

    def delete(self):
        session = object_session(self)
        session.delete(self)
        session.commit()

    def label(self):
        return f"{type(self).__name__}:{self.id}"


Base = declarative_base(cls=ActiveRecord)
Base.query = Session.query_property()


class Team(Base):
    __tablename__ = "teams"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))


class Player(Base):
    __tablename__ = "players"
    id = Column(Integer, primary_key=True)
    team_id = Column(ForeignKey("teams.id"))
    name = Column(String(30))
    team = relationship(Team)

    @property
    def peers(self):
        return Player.query.filter(Player.team_id == self.team_id).all()


@contextmanager
def session_scope():
    session = sessionmaker(bind=engine)()
    token = current.set(session)
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        current.reset(token)
        session.close()


def transactional(function):
    def inner(*args, **kwargs):
        with session_scope() as session:
            return function(*args, session=session, **kwargs)

    return inner
# file: app/main.py
from app.database import Player, Session, Team, current, session_scope, transactional
from fastapi import FastAPI
from sqlalchemy import func, select, text

app = FastAPI()


@transactional
def rename(id, name, session=None):
    session.execute(text("update teams set name = :n where id = :i"), {"n": name, "i": id})


def count():
    return current.get().scalar(select(func.count()).select_from(Team))


@app.get("/players/{id}")
async def player(id: int):
    found = Player.find(id)  # expect: RW302
    return {"label": found.label(), "peers": len(found.peers)}  # expect: RW302


@app.post("/players")
async def add(name: str):
    record = Player(name=name).save()  # expect: RW302
    return record.label()


@app.delete("/players/{id}")
async def remove(id: int):
    query = Player.where(id=id)
    query.one().delete()  # expect: RW302


@app.get("/teams")
async def teams():
    names = [team.name for team in Team.query.order_by(Team.name)]  # expect: RW302
    return names


@app.post("/teams/{id}")
async def change(id: int, name: str):
    rename(id, name)  # expect: RW302


@app.get("/count")
async def number():
    with session_scope():  # expect: RW302
        return count()  # expect: RW302


@app.get("/registry")
async def registry():
    session = Session()
    rows = session.execute(select(Team)).scalars().all()  # expect: RW302
    Session.remove()
    return rows
