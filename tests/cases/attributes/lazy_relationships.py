# A relationship of a row that a synchronous session loaded is a query where it is read.
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
    sessionmaker,
)


class Base(DeclarativeBase):
    pass


class Berth(Base):
    __tablename__ = "berth"
    id: Mapped[int] = mapped_column(primary_key=True)
    port_id: Mapped[int] = mapped_column(ForeignKey("port.id"))
    port: Mapped["Port"] = relationship(back_populates="berths")


class Port(Base):
    __tablename__ = "port"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    berths: Mapped[list[Berth]] = relationship(back_populates="port")
    pilots: Mapped[list["Pilot"]] = relationship(lazy="selectin")

    @property
    def size(self) -> int:
        return len(self.berths)


class Pilot(Base):
    __tablename__ = "pilot"
    id: Mapped[int] = mapped_column(primary_key=True)
    port_id: Mapped[int] = mapped_column(ForeignKey("port.id"))


SessionLocal = sessionmaker(create_engine("postgresql://db/app"))
app = FastAPI()


def get_db():
    with SessionLocal() as session:
        yield session


Db = Annotated[Session, Depends(get_db)]


def get_port(port_id: int, db: Db) -> Port:
    return db.get_one(Port, port_id)


def names(ports: list[Port]) -> list[str]:
    return [port.name for port in ports]


@app.get("/ports/{port_id}")
async def lazy(port: Annotated[Port, Depends(get_port)]) -> int:
    found = len(port.berths)  # expect: RW302
    found += len(port.berths)  # loaded by now
    return found + len(port.pilots) + len(port.name)


@app.get("/ports/{port_id}/size")
async def by_property(port: Annotated[Port, Depends(get_port)]) -> int:
    return port.size  # expect: RW302


@app.get("/ports/{port_id}/thread")
def in_thread(port: Annotated[Port, Depends(get_port)]) -> int:
    return len(port.berths)


@app.get("/loops")
async def loops(db: Db) -> list[int]:
    ports = db.scalars(select(Port)).all()  # expect: RW302
    return [len(port.berths) for port in ports]  # expect: RW302


@app.get("/queries")
async def queries(db: Db) -> int:
    port = db.query(Port).filter(Port.name == "Bergen").first()  # expect: RW302
    if port is None:
        return 0
    return len(port.berths)  # expect: RW302


@app.get("/eager")
async def eager(db: Db) -> list[int]:
    statement = select(Port).options(selectinload(Port.berths)).order_by(Port.name)
    ports = db.execute(statement).scalars().all()  # expect: RW302
    return [len(port.berths) for port in ports]


@app.get("/eager/query")
async def eager_query(db: Db) -> list[int]:
    query = db.query(Port).options(selectinload(Port.berths))
    return [len(port.berths) for port in query.all()]  # expect: RW302


@app.get("/eager/get")
async def eager_get(db: Db) -> int:
    port = db.get(Port, 1, options=[selectinload(Port.berths)])  # expect: RW302
    return len(port.berths) if port else 0


@app.get("/refreshed")
async def refreshed(db: Db) -> int:
    port = db.get_one(Port, 1)  # expect: RW302
    db.refresh(port, ["berths"])  # expect: RW302
    return len(port.berths)


@app.post("/ports")
async def create(berths: list[int]) -> int:
    port = Port(name="new")
    port.berths.append(Berth())
    return len(port.berths)


def unknown(port: Port) -> int:
    return len(port.berths)


@app.get("/given")
async def given() -> int:
    return unknown(Port(name="made here"))
