# A base with many implementations: the last is followed as the first is.
# file: main.py
import requests
from fastapi import FastAPI

app = FastAPI()


class Base:
    def run(self):
        raise NotImplementedError

    def quiet(self):
        return 1


class C0(Base):
    def run(self):
        return self


class C1(Base):
    def run(self):
        return self


class C2(Base):
    def run(self):
        return self


class C3(Base):
    def run(self):
        return self


class C4(Base):
    def run(self):
        return self


class C5(Base):
    def run(self):
        return self


class C6(Base):
    def run(self):
        return self


class C7(Base):
    def run(self):
        return self


class C8(Base):
    def run(self):
        return self


class C9(Base):
    def run(self):
        return self


class C10(Base):
    def run(self):
        return self


class C11(Base):
    def run(self):
        return self


class C12(Base):
    def run(self):
        return self


class C13(Base):
    def run(self):
        return self


class C14(Base):
    def run(self):
        return self


class C15(Base):
    def run(self):
        return self


class C16(Base):
    def run(self):
        return self


class C17(Base):
    def run(self):
        return self


class C18(Base):
    def run(self):
        return self


class C19(Base):
    def run(self):
        return self


class C20(Base):
    def run(self):
        return self


class C21(Base):
    def run(self):
        return self


class C22(Base):
    def run(self):
        return self


class C23(Base):
    def run(self):
        return self


class C24(Base):
    def run(self):
        return self


class C25(Base):
    def run(self):
        return requests.get(str(self), timeout=1)


class C26(Base):
    def run(self):
        return self


class C27(Base):
    def run(self):
        return self


class C28(Base):
    def run(self):
        return self


class C29(Base):
    def run(self):
        return self


CLASSES = {'c0': C0, 'c1': C1, 'c2': C2, 'c3': C3, 'c4': C4, 'c5': C5, 'c6': C6, 'c7': C7, 'c8': C8, 'c9': C9, 'c10': C10, 'c11': C11, 'c12': C12, 'c13': C13, 'c14': C14, 'c15': C15, 'c16': C16, 'c17': C17, 'c18': C18, 'c19': C19, 'c20': C20, 'c21': C21, 'c22': C22, 'c23': C23, 'c24': C24, 'c25': C25, 'c26': C26, 'c27': C27, 'c28': C28, 'c29': C29}
INSTANCES = [C0(), C1(), C2(), C3(), C4(), C5(), C6(), C7(), C8(), C9(), C10(), C11(), C12(), C13(), C14(), C15(), C16(), C17(), C18(), C19(), C20(), C21(), C22(), C23(), C24(), C25(), C26(), C27(), C28(), C29()]


@app.get("/c/{name}")
async def c(name: str):
    made: Base = CLASSES[name]()
    made.quiet()
    return made.run()  # expect: RW301


@app.get("/d")
async def d():
    for one in INSTANCES:
        one.run()  # expect: RW301


def find(name) -> Base:
    return next(c for c in Base.__subclasses__() if c.__name__ == name)()


@app.get("/e")
async def e():
    find("x").run()  # expect: RW301
    return CLASSES["c1"]().run()

