# A helper that many models share is followed for the last of them as for the first.
# file: db.py
from sqlalchemy import Column, Integer, create_engine
from sqlalchemy.orm import declarative_base, sessionmaker

SessionLocal = sessionmaker(create_engine('sqlite://'))
Base = declarative_base()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


class M0(Base):
    __tablename__ = 't0'
    id = Column(Integer, primary_key=True)


class M1(Base):
    __tablename__ = 't1'
    id = Column(Integer, primary_key=True)


class M2(Base):
    __tablename__ = 't2'
    id = Column(Integer, primary_key=True)


class M3(Base):
    __tablename__ = 't3'
    id = Column(Integer, primary_key=True)


class M4(Base):
    __tablename__ = 't4'
    id = Column(Integer, primary_key=True)


class M5(Base):
    __tablename__ = 't5'
    id = Column(Integer, primary_key=True)


class M6(Base):
    __tablename__ = 't6'
    id = Column(Integer, primary_key=True)


class M7(Base):
    __tablename__ = 't7'
    id = Column(Integer, primary_key=True)


class M8(Base):
    __tablename__ = 't8'
    id = Column(Integer, primary_key=True)


class M9(Base):
    __tablename__ = 't9'
    id = Column(Integer, primary_key=True)


class M10(Base):
    __tablename__ = 't10'
    id = Column(Integer, primary_key=True)


class M11(Base):
    __tablename__ = 't11'
    id = Column(Integer, primary_key=True)


class M12(Base):
    __tablename__ = 't12'
    id = Column(Integer, primary_key=True)


class M13(Base):
    __tablename__ = 't13'
    id = Column(Integer, primary_key=True)


class M14(Base):
    __tablename__ = 't14'
    id = Column(Integer, primary_key=True)


class M15(Base):
    __tablename__ = 't15'
    id = Column(Integer, primary_key=True)


class M16(Base):
    __tablename__ = 't16'
    id = Column(Integer, primary_key=True)


class M17(Base):
    __tablename__ = 't17'
    id = Column(Integer, primary_key=True)


class M18(Base):
    __tablename__ = 't18'
    id = Column(Integer, primary_key=True)


class M19(Base):
    __tablename__ = 't19'
    id = Column(Integer, primary_key=True)


class M20(Base):
    __tablename__ = 't20'
    id = Column(Integer, primary_key=True)


class M21(Base):
    __tablename__ = 't21'
    id = Column(Integer, primary_key=True)


class M22(Base):
    __tablename__ = 't22'
    id = Column(Integer, primary_key=True)


class M23(Base):
    __tablename__ = 't23'
    id = Column(Integer, primary_key=True)


class M24(Base):
    __tablename__ = 't24'
    id = Column(Integer, primary_key=True)


class M25(Base):
    __tablename__ = 't25'
    id = Column(Integer, primary_key=True)


class M26(Base):
    __tablename__ = 't26'
    id = Column(Integer, primary_key=True)


class M27(Base):
    __tablename__ = 't27'
    id = Column(Integer, primary_key=True)


class M28(Base):
    __tablename__ = 't28'
    id = Column(Integer, primary_key=True)


class M29(Base):
    __tablename__ = 't29'
    id = Column(Integer, primary_key=True)


class M30(Base):
    __tablename__ = 't30'
    id = Column(Integer, primary_key=True)


class M31(Base):
    __tablename__ = 't31'
    id = Column(Integer, primary_key=True)


class M32(Base):
    __tablename__ = 't32'
    id = Column(Integer, primary_key=True)


class M33(Base):
    __tablename__ = 't33'
    id = Column(Integer, primary_key=True)


class M34(Base):
    __tablename__ = 't34'
    id = Column(Integer, primary_key=True)


class M35(Base):
    __tablename__ = 't35'
    id = Column(Integer, primary_key=True)


class M36(Base):
    __tablename__ = 't36'
    id = Column(Integer, primary_key=True)


class M37(Base):
    __tablename__ = 't37'
    id = Column(Integer, primary_key=True)


class M38(Base):
    __tablename__ = 't38'
    id = Column(Integer, primary_key=True)


class M39(Base):
    __tablename__ = 't39'
    id = Column(Integer, primary_key=True)


class M40(Base):
    __tablename__ = 't40'
    id = Column(Integer, primary_key=True)


class M41(Base):
    __tablename__ = 't41'
    id = Column(Integer, primary_key=True)


class M42(Base):
    __tablename__ = 't42'
    id = Column(Integer, primary_key=True)


class M43(Base):
    __tablename__ = 't43'
    id = Column(Integer, primary_key=True)


class M44(Base):
    __tablename__ = 't44'
    id = Column(Integer, primary_key=True)


class M45(Base):
    __tablename__ = 't45'
    id = Column(Integer, primary_key=True)


class M46(Base):
    __tablename__ = 't46'
    id = Column(Integer, primary_key=True)


class M47(Base):
    __tablename__ = 't47'
    id = Column(Integer, primary_key=True)


class M48(Base):
    __tablename__ = 't48'
    id = Column(Integer, primary_key=True)


class M49(Base):
    __tablename__ = 't49'
    id = Column(Integer, primary_key=True)


class M50(Base):
    __tablename__ = 't50'
    id = Column(Integer, primary_key=True)


class M51(Base):
    __tablename__ = 't51'
    id = Column(Integer, primary_key=True)


class M52(Base):
    __tablename__ = 't52'
    id = Column(Integer, primary_key=True)


class M53(Base):
    __tablename__ = 't53'
    id = Column(Integer, primary_key=True)


class M54(Base):
    __tablename__ = 't54'
    id = Column(Integer, primary_key=True)


class M55(Base):
    __tablename__ = 't55'
    id = Column(Integer, primary_key=True)


class M56(Base):
    __tablename__ = 't56'
    id = Column(Integer, primary_key=True)


class M57(Base):
    __tablename__ = 't57'
    id = Column(Integer, primary_key=True)


class M58(Base):
    __tablename__ = 't58'
    id = Column(Integer, primary_key=True)


class M59(Base):
    __tablename__ = 't59'
    id = Column(Integer, primary_key=True)


# file: crud.py
def fetch(db, model, key, extra=None):
    return db.query(model).get(key)


def store(db, row, **changes):
    for name, value in changes.items():
        setattr(row, name, value)
    db.add(row)
    db.commit()
    return row


class Repo:
    def __init__(self, db, model):
        self.db = db
        self.model = model

    def one(self, key):
        return fetch(self.db, self.model, key)

    def put(self, **values):
        return store(self.db, self.model(), **values)

    def name(self):
        return self.model.__tablename__


class Service:
    def __init__(self, repo):
        self.repo = repo

    def one(self, key):
        return self.repo.one(key)
# file: main.py
import db as models
from crud import Repo, Service, fetch, store
from db import get_db
from fastapi import Depends, FastAPI

app = FastAPI()


@app.get("/a0/{key}")
async def a0(key: int, db=Depends(get_db)):
    return fetch(db, models.M0, key)  # expect: RW302


@app.post("/b0")
async def b0(db=Depends(get_db)):
    row = store(db, models.M0(), a=0)  # expect: RW302
    repo = Repo(db, models.M0)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(0), row  # expect: RW302


@app.get("/a1/{key}")
async def a1(key: int, db=Depends(get_db)):
    return fetch(db, models.M1, key)  # expect: RW302


@app.post("/b1")
async def b1(db=Depends(get_db)):
    row = store(db, models.M1(), a=1)  # expect: RW302
    repo = Repo(db, models.M1)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(1), row  # expect: RW302


@app.get("/a2/{key}")
async def a2(key: int, db=Depends(get_db)):
    return fetch(db, models.M2, key)  # expect: RW302


@app.post("/b2")
async def b2(db=Depends(get_db)):
    row = store(db, models.M2(), a=2)  # expect: RW302
    repo = Repo(db, models.M2)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(2), row  # expect: RW302


@app.get("/a3/{key}")
async def a3(key: int, db=Depends(get_db)):
    return fetch(db, models.M3, key)  # expect: RW302


@app.post("/b3")
async def b3(db=Depends(get_db)):
    row = store(db, models.M3(), a=3)  # expect: RW302
    repo = Repo(db, models.M3)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(3), row  # expect: RW302


@app.get("/a4/{key}")
async def a4(key: int, db=Depends(get_db)):
    return fetch(db, models.M4, key)  # expect: RW302


@app.post("/b4")
async def b4(db=Depends(get_db)):
    row = store(db, models.M4(), a=4)  # expect: RW302
    repo = Repo(db, models.M4)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(4), row  # expect: RW302


@app.get("/a5/{key}")
async def a5(key: int, db=Depends(get_db)):
    return fetch(db, models.M5, key)  # expect: RW302


@app.post("/b5")
async def b5(db=Depends(get_db)):
    row = store(db, models.M5(), a=5)  # expect: RW302
    repo = Repo(db, models.M5)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(5), row  # expect: RW302


@app.get("/a6/{key}")
async def a6(key: int, db=Depends(get_db)):
    return fetch(db, models.M6, key)  # expect: RW302


@app.post("/b6")
async def b6(db=Depends(get_db)):
    row = store(db, models.M6(), a=6)  # expect: RW302
    repo = Repo(db, models.M6)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(6), row  # expect: RW302


@app.get("/a7/{key}")
async def a7(key: int, db=Depends(get_db)):
    return fetch(db, models.M7, key)  # expect: RW302


@app.post("/b7")
async def b7(db=Depends(get_db)):
    row = store(db, models.M7(), a=7)  # expect: RW302
    repo = Repo(db, models.M7)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(7), row  # expect: RW302


@app.get("/a8/{key}")
async def a8(key: int, db=Depends(get_db)):
    return fetch(db, models.M8, key)  # expect: RW302


@app.post("/b8")
async def b8(db=Depends(get_db)):
    row = store(db, models.M8(), a=8)  # expect: RW302
    repo = Repo(db, models.M8)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(8), row  # expect: RW302


@app.get("/a9/{key}")
async def a9(key: int, db=Depends(get_db)):
    return fetch(db, models.M9, key)  # expect: RW302


@app.post("/b9")
async def b9(db=Depends(get_db)):
    row = store(db, models.M9(), a=9)  # expect: RW302
    repo = Repo(db, models.M9)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(9), row  # expect: RW302


@app.get("/a10/{key}")
async def a10(key: int, db=Depends(get_db)):
    return fetch(db, models.M10, key)  # expect: RW302


@app.post("/b10")
async def b10(db=Depends(get_db)):
    row = store(db, models.M10(), a=10)  # expect: RW302
    repo = Repo(db, models.M10)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(10), row  # expect: RW302


@app.get("/a11/{key}")
async def a11(key: int, db=Depends(get_db)):
    return fetch(db, models.M11, key)  # expect: RW302


@app.post("/b11")
async def b11(db=Depends(get_db)):
    row = store(db, models.M11(), a=11)  # expect: RW302
    repo = Repo(db, models.M11)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(11), row  # expect: RW302


@app.get("/a12/{key}")
async def a12(key: int, db=Depends(get_db)):
    return fetch(db, models.M12, key)  # expect: RW302


@app.post("/b12")
async def b12(db=Depends(get_db)):
    row = store(db, models.M12(), a=12)  # expect: RW302
    repo = Repo(db, models.M12)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(12), row  # expect: RW302


@app.get("/a13/{key}")
async def a13(key: int, db=Depends(get_db)):
    return fetch(db, models.M13, key)  # expect: RW302


@app.post("/b13")
async def b13(db=Depends(get_db)):
    row = store(db, models.M13(), a=13)  # expect: RW302
    repo = Repo(db, models.M13)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(13), row  # expect: RW302


@app.get("/a14/{key}")
async def a14(key: int, db=Depends(get_db)):
    return fetch(db, models.M14, key)  # expect: RW302


@app.post("/b14")
async def b14(db=Depends(get_db)):
    row = store(db, models.M14(), a=14)  # expect: RW302
    repo = Repo(db, models.M14)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(14), row  # expect: RW302


@app.get("/a15/{key}")
async def a15(key: int, db=Depends(get_db)):
    return fetch(db, models.M15, key)  # expect: RW302


@app.post("/b15")
async def b15(db=Depends(get_db)):
    row = store(db, models.M15(), a=15)  # expect: RW302
    repo = Repo(db, models.M15)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(15), row  # expect: RW302


@app.get("/a16/{key}")
async def a16(key: int, db=Depends(get_db)):
    return fetch(db, models.M16, key)  # expect: RW302


@app.post("/b16")
async def b16(db=Depends(get_db)):
    row = store(db, models.M16(), a=16)  # expect: RW302
    repo = Repo(db, models.M16)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(16), row  # expect: RW302


@app.get("/a17/{key}")
async def a17(key: int, db=Depends(get_db)):
    return fetch(db, models.M17, key)  # expect: RW302


@app.post("/b17")
async def b17(db=Depends(get_db)):
    row = store(db, models.M17(), a=17)  # expect: RW302
    repo = Repo(db, models.M17)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(17), row  # expect: RW302


@app.get("/a18/{key}")
async def a18(key: int, db=Depends(get_db)):
    return fetch(db, models.M18, key)  # expect: RW302


@app.post("/b18")
async def b18(db=Depends(get_db)):
    row = store(db, models.M18(), a=18)  # expect: RW302
    repo = Repo(db, models.M18)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(18), row  # expect: RW302


@app.get("/a19/{key}")
async def a19(key: int, db=Depends(get_db)):
    return fetch(db, models.M19, key)  # expect: RW302


@app.post("/b19")
async def b19(db=Depends(get_db)):
    row = store(db, models.M19(), a=19)  # expect: RW302
    repo = Repo(db, models.M19)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(19), row  # expect: RW302


@app.get("/a20/{key}")
async def a20(key: int, db=Depends(get_db)):
    return fetch(db, models.M20, key)  # expect: RW302


@app.post("/b20")
async def b20(db=Depends(get_db)):
    row = store(db, models.M20(), a=20)  # expect: RW302
    repo = Repo(db, models.M20)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(20), row  # expect: RW302


@app.get("/a21/{key}")
async def a21(key: int, db=Depends(get_db)):
    return fetch(db, models.M21, key)  # expect: RW302


@app.post("/b21")
async def b21(db=Depends(get_db)):
    row = store(db, models.M21(), a=21)  # expect: RW302
    repo = Repo(db, models.M21)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(21), row  # expect: RW302


@app.get("/a22/{key}")
async def a22(key: int, db=Depends(get_db)):
    return fetch(db, models.M22, key)  # expect: RW302


@app.post("/b22")
async def b22(db=Depends(get_db)):
    row = store(db, models.M22(), a=22)  # expect: RW302
    repo = Repo(db, models.M22)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(22), row  # expect: RW302


@app.get("/a23/{key}")
async def a23(key: int, db=Depends(get_db)):
    return fetch(db, models.M23, key)  # expect: RW302


@app.post("/b23")
async def b23(db=Depends(get_db)):
    row = store(db, models.M23(), a=23)  # expect: RW302
    repo = Repo(db, models.M23)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(23), row  # expect: RW302


@app.get("/a24/{key}")
async def a24(key: int, db=Depends(get_db)):
    return fetch(db, models.M24, key)  # expect: RW302


@app.post("/b24")
async def b24(db=Depends(get_db)):
    row = store(db, models.M24(), a=24)  # expect: RW302
    repo = Repo(db, models.M24)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(24), row  # expect: RW302


@app.get("/a25/{key}")
async def a25(key: int, db=Depends(get_db)):
    return fetch(db, models.M25, key)  # expect: RW302


@app.post("/b25")
async def b25(db=Depends(get_db)):
    row = store(db, models.M25(), a=25)  # expect: RW302
    repo = Repo(db, models.M25)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(25), row  # expect: RW302


@app.get("/a26/{key}")
async def a26(key: int, db=Depends(get_db)):
    return fetch(db, models.M26, key)  # expect: RW302


@app.post("/b26")
async def b26(db=Depends(get_db)):
    row = store(db, models.M26(), a=26)  # expect: RW302
    repo = Repo(db, models.M26)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(26), row  # expect: RW302


@app.get("/a27/{key}")
async def a27(key: int, db=Depends(get_db)):
    return fetch(db, models.M27, key)  # expect: RW302


@app.post("/b27")
async def b27(db=Depends(get_db)):
    row = store(db, models.M27(), a=27)  # expect: RW302
    repo = Repo(db, models.M27)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(27), row  # expect: RW302


@app.get("/a28/{key}")
async def a28(key: int, db=Depends(get_db)):
    return fetch(db, models.M28, key)  # expect: RW302


@app.post("/b28")
async def b28(db=Depends(get_db)):
    row = store(db, models.M28(), a=28)  # expect: RW302
    repo = Repo(db, models.M28)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(28), row  # expect: RW302


@app.get("/a29/{key}")
async def a29(key: int, db=Depends(get_db)):
    return fetch(db, models.M29, key)  # expect: RW302


@app.post("/b29")
async def b29(db=Depends(get_db)):
    row = store(db, models.M29(), a=29)  # expect: RW302
    repo = Repo(db, models.M29)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(29), row  # expect: RW302


@app.get("/a30/{key}")
async def a30(key: int, db=Depends(get_db)):
    return fetch(db, models.M30, key)  # expect: RW302


@app.post("/b30")
async def b30(db=Depends(get_db)):
    row = store(db, models.M30(), a=30)  # expect: RW302
    repo = Repo(db, models.M30)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(30), row  # expect: RW302


@app.get("/a31/{key}")
async def a31(key: int, db=Depends(get_db)):
    return fetch(db, models.M31, key)  # expect: RW302


@app.post("/b31")
async def b31(db=Depends(get_db)):
    row = store(db, models.M31(), a=31)  # expect: RW302
    repo = Repo(db, models.M31)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(31), row  # expect: RW302


@app.get("/a32/{key}")
async def a32(key: int, db=Depends(get_db)):
    return fetch(db, models.M32, key)  # expect: RW302


@app.post("/b32")
async def b32(db=Depends(get_db)):
    row = store(db, models.M32(), a=32)  # expect: RW302
    repo = Repo(db, models.M32)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(32), row  # expect: RW302


@app.get("/a33/{key}")
async def a33(key: int, db=Depends(get_db)):
    return fetch(db, models.M33, key)  # expect: RW302


@app.post("/b33")
async def b33(db=Depends(get_db)):
    row = store(db, models.M33(), a=33)  # expect: RW302
    repo = Repo(db, models.M33)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(33), row  # expect: RW302


@app.get("/a34/{key}")
async def a34(key: int, db=Depends(get_db)):
    return fetch(db, models.M34, key)  # expect: RW302


@app.post("/b34")
async def b34(db=Depends(get_db)):
    row = store(db, models.M34(), a=34)  # expect: RW302
    repo = Repo(db, models.M34)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(34), row  # expect: RW302


@app.get("/a35/{key}")
async def a35(key: int, db=Depends(get_db)):
    return fetch(db, models.M35, key)  # expect: RW302


@app.post("/b35")
async def b35(db=Depends(get_db)):
    row = store(db, models.M35(), a=35)  # expect: RW302
    repo = Repo(db, models.M35)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(35), row  # expect: RW302


@app.get("/a36/{key}")
async def a36(key: int, db=Depends(get_db)):
    return fetch(db, models.M36, key)  # expect: RW302


@app.post("/b36")
async def b36(db=Depends(get_db)):
    row = store(db, models.M36(), a=36)  # expect: RW302
    repo = Repo(db, models.M36)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(36), row  # expect: RW302


@app.get("/a37/{key}")
async def a37(key: int, db=Depends(get_db)):
    return fetch(db, models.M37, key)  # expect: RW302


@app.post("/b37")
async def b37(db=Depends(get_db)):
    row = store(db, models.M37(), a=37)  # expect: RW302
    repo = Repo(db, models.M37)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(37), row  # expect: RW302


@app.get("/a38/{key}")
async def a38(key: int, db=Depends(get_db)):
    return fetch(db, models.M38, key)  # expect: RW302


@app.post("/b38")
async def b38(db=Depends(get_db)):
    row = store(db, models.M38(), a=38)  # expect: RW302
    repo = Repo(db, models.M38)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(38), row  # expect: RW302


@app.get("/a39/{key}")
async def a39(key: int, db=Depends(get_db)):
    return fetch(db, models.M39, key)  # expect: RW302


@app.post("/b39")
async def b39(db=Depends(get_db)):
    row = store(db, models.M39(), a=39)  # expect: RW302
    repo = Repo(db, models.M39)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(39), row  # expect: RW302


@app.get("/a40/{key}")
async def a40(key: int, db=Depends(get_db)):
    return fetch(db, models.M40, key)  # expect: RW302


@app.post("/b40")
async def b40(db=Depends(get_db)):
    row = store(db, models.M40(), a=40)  # expect: RW302
    repo = Repo(db, models.M40)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(40), row  # expect: RW302


@app.get("/a41/{key}")
async def a41(key: int, db=Depends(get_db)):
    return fetch(db, models.M41, key)  # expect: RW302


@app.post("/b41")
async def b41(db=Depends(get_db)):
    row = store(db, models.M41(), a=41)  # expect: RW302
    repo = Repo(db, models.M41)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(41), row  # expect: RW302


@app.get("/a42/{key}")
async def a42(key: int, db=Depends(get_db)):
    return fetch(db, models.M42, key)  # expect: RW302


@app.post("/b42")
async def b42(db=Depends(get_db)):
    row = store(db, models.M42(), a=42)  # expect: RW302
    repo = Repo(db, models.M42)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(42), row  # expect: RW302


@app.get("/a43/{key}")
async def a43(key: int, db=Depends(get_db)):
    return fetch(db, models.M43, key)  # expect: RW302


@app.post("/b43")
async def b43(db=Depends(get_db)):
    row = store(db, models.M43(), a=43)  # expect: RW302
    repo = Repo(db, models.M43)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(43), row  # expect: RW302


@app.get("/a44/{key}")
async def a44(key: int, db=Depends(get_db)):
    return fetch(db, models.M44, key)  # expect: RW302


@app.post("/b44")
async def b44(db=Depends(get_db)):
    row = store(db, models.M44(), a=44)  # expect: RW302
    repo = Repo(db, models.M44)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(44), row  # expect: RW302


@app.get("/a45/{key}")
async def a45(key: int, db=Depends(get_db)):
    return fetch(db, models.M45, key)  # expect: RW302


@app.post("/b45")
async def b45(db=Depends(get_db)):
    row = store(db, models.M45(), a=45)  # expect: RW302
    repo = Repo(db, models.M45)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(45), row  # expect: RW302


@app.get("/a46/{key}")
async def a46(key: int, db=Depends(get_db)):
    return fetch(db, models.M46, key)  # expect: RW302


@app.post("/b46")
async def b46(db=Depends(get_db)):
    row = store(db, models.M46(), a=46)  # expect: RW302
    repo = Repo(db, models.M46)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(46), row  # expect: RW302


@app.get("/a47/{key}")
async def a47(key: int, db=Depends(get_db)):
    return fetch(db, models.M47, key)  # expect: RW302


@app.post("/b47")
async def b47(db=Depends(get_db)):
    row = store(db, models.M47(), a=47)  # expect: RW302
    repo = Repo(db, models.M47)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(47), row  # expect: RW302


@app.get("/a48/{key}")
async def a48(key: int, db=Depends(get_db)):
    return fetch(db, models.M48, key)  # expect: RW302


@app.post("/b48")
async def b48(db=Depends(get_db)):
    row = store(db, models.M48(), a=48)  # expect: RW302
    repo = Repo(db, models.M48)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(48), row  # expect: RW302


@app.get("/a49/{key}")
async def a49(key: int, db=Depends(get_db)):
    return fetch(db, models.M49, key)  # expect: RW302


@app.post("/b49")
async def b49(db=Depends(get_db)):
    row = store(db, models.M49(), a=49)  # expect: RW302
    repo = Repo(db, models.M49)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(49), row  # expect: RW302


@app.get("/a50/{key}")
async def a50(key: int, db=Depends(get_db)):
    return fetch(db, models.M50, key)  # expect: RW302


@app.post("/b50")
async def b50(db=Depends(get_db)):
    row = store(db, models.M50(), a=50)  # expect: RW302
    repo = Repo(db, models.M50)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(50), row  # expect: RW302


@app.get("/a51/{key}")
async def a51(key: int, db=Depends(get_db)):
    return fetch(db, models.M51, key)  # expect: RW302


@app.post("/b51")
async def b51(db=Depends(get_db)):
    row = store(db, models.M51(), a=51)  # expect: RW302
    repo = Repo(db, models.M51)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(51), row  # expect: RW302


@app.get("/a52/{key}")
async def a52(key: int, db=Depends(get_db)):
    return fetch(db, models.M52, key)  # expect: RW302


@app.post("/b52")
async def b52(db=Depends(get_db)):
    row = store(db, models.M52(), a=52)  # expect: RW302
    repo = Repo(db, models.M52)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(52), row  # expect: RW302


@app.get("/a53/{key}")
async def a53(key: int, db=Depends(get_db)):
    return fetch(db, models.M53, key)  # expect: RW302


@app.post("/b53")
async def b53(db=Depends(get_db)):
    row = store(db, models.M53(), a=53)  # expect: RW302
    repo = Repo(db, models.M53)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(53), row  # expect: RW302


@app.get("/a54/{key}")
async def a54(key: int, db=Depends(get_db)):
    return fetch(db, models.M54, key)  # expect: RW302


@app.post("/b54")
async def b54(db=Depends(get_db)):
    row = store(db, models.M54(), a=54)  # expect: RW302
    repo = Repo(db, models.M54)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(54), row  # expect: RW302


@app.get("/a55/{key}")
async def a55(key: int, db=Depends(get_db)):
    return fetch(db, models.M55, key)  # expect: RW302


@app.post("/b55")
async def b55(db=Depends(get_db)):
    row = store(db, models.M55(), a=55)  # expect: RW302
    repo = Repo(db, models.M55)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(55), row  # expect: RW302


@app.get("/a56/{key}")
async def a56(key: int, db=Depends(get_db)):
    return fetch(db, models.M56, key)  # expect: RW302


@app.post("/b56")
async def b56(db=Depends(get_db)):
    row = store(db, models.M56(), a=56)  # expect: RW302
    repo = Repo(db, models.M56)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(56), row  # expect: RW302


@app.get("/a57/{key}")
async def a57(key: int, db=Depends(get_db)):
    return fetch(db, models.M57, key)  # expect: RW302


@app.post("/b57")
async def b57(db=Depends(get_db)):
    row = store(db, models.M57(), a=57)  # expect: RW302
    repo = Repo(db, models.M57)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(57), row  # expect: RW302


@app.get("/a58/{key}")
async def a58(key: int, db=Depends(get_db)):
    return fetch(db, models.M58, key)  # expect: RW302


@app.post("/b58")
async def b58(db=Depends(get_db)):
    row = store(db, models.M58(), a=58)  # expect: RW302
    repo = Repo(db, models.M58)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(58), row  # expect: RW302


@app.get("/a59/{key}")
async def a59(key: int, db=Depends(get_db)):
    return fetch(db, models.M59, key)  # expect: RW302


@app.post("/b59")
async def b59(db=Depends(get_db)):
    row = store(db, models.M59(), a=59)  # expect: RW302
    repo = Repo(db, models.M59)
    repo.name()
    repo.put(x=1)  # expect: RW302
    return Service(repo).one(59), row  # expect: RW302

