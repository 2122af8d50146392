# Tables of many functions and of many classes: the last is followed as the first is.
# file: main.py
import time

import requests
from fastapi import FastAPI

app = FastAPI()
HANDLERS = {}
LISTED = []
CLASSES = {}


def handler(name):
    def decorate(f):
        HANDLERS[name] = f
        return f

    return decorate


@handler('h0')
def h0(x):
    return x


@handler('h1')
def h1(x):
    return x


@handler('h2')
def h2(x):
    return x


@handler('h3')
def h3(x):
    return x


@handler('h4')
def h4(x):
    return x


@handler('h5')
def h5(x):
    return x


@handler('h6')
def h6(x):
    return x


@handler('h7')
def h7(x):
    return x


@handler('h8')
def h8(x):
    return x


@handler('h9')
def h9(x):
    return x


@handler('h10')
def h10(x):
    return x


@handler('h11')
def h11(x):
    return x


@handler('h12')
def h12(x):
    return x


@handler('h13')
def h13(x):
    return x


@handler('h14')
def h14(x):
    return x


@handler('h15')
def h15(x):
    return x


@handler('h16')
def h16(x):
    return x


@handler('h17')
def h17(x):
    return x


@handler('h18')
def h18(x):
    return x


@handler('h19')
def h19(x):
    return x


@handler('h20')
def h20(x):
    return x


@handler('h21')
def h21(x):
    return x


@handler('h22')
def h22(x):
    return x


@handler('h23')
def h23(x):
    return x


@handler('h24')
def h24(x):
    return x


@handler('h25')
def h25(x):
    return x


@handler('h26')
def h26(x):
    return x


@handler('h27')
def h27(x):
    return time.sleep(1)


@handler('h28')
def h28(x):
    return x


@handler('h29')
def h29(x):
    return x


class C0:
    def run(self):
        return self

    def quiet(self):
        return 1


class C1:
    def run(self):
        return self

    def quiet(self):
        return 1


class C2:
    def run(self):
        return self

    def quiet(self):
        return 1


class C3:
    def run(self):
        return self

    def quiet(self):
        return 1


class C4:
    def run(self):
        return self

    def quiet(self):
        return 1


class C5:
    def run(self):
        return self

    def quiet(self):
        return 1


class C6:
    def run(self):
        return self

    def quiet(self):
        return 1


class C7:
    def run(self):
        return self

    def quiet(self):
        return 1


class C8:
    def run(self):
        return self

    def quiet(self):
        return 1


class C9:
    def run(self):
        return self

    def quiet(self):
        return 1


class C10:
    def run(self):
        return self

    def quiet(self):
        return 1


class C11:
    def run(self):
        return self

    def quiet(self):
        return 1


class C12:
    def run(self):
        return self

    def quiet(self):
        return 1


class C13:
    def run(self):
        return self

    def quiet(self):
        return 1


class C14:
    def run(self):
        return self

    def quiet(self):
        return 1


class C15:
    def run(self):
        return self

    def quiet(self):
        return 1


class C16:
    def run(self):
        return self

    def quiet(self):
        return 1


class C17:
    def run(self):
        return self

    def quiet(self):
        return 1


class C18:
    def run(self):
        return self

    def quiet(self):
        return 1


class C19:
    def run(self):
        return self

    def quiet(self):
        return 1


class C20:
    def run(self):
        return self

    def quiet(self):
        return 1


class C21:
    def run(self):
        return self

    def quiet(self):
        return 1


class C22:
    def run(self):
        return requests.get(str(self), timeout=1)

    def quiet(self):
        return 1


class C23:
    def run(self):
        return self

    def quiet(self):
        return 1


class C24:
    def run(self):
        return self

    def quiet(self):
        return 1


class C25:
    def run(self):
        return self

    def quiet(self):
        return 1


class C26:
    def run(self):
        return self

    def quiet(self):
        return 1


class C27:
    def run(self):
        return self

    def quiet(self):
        return 1


class C28:
    def run(self):
        return self

    def quiet(self):
        return 1


class C29:
    def run(self):
        return self

    def quiet(self):
        return 1


LISTED = [h0, h1, h2, h3, h4, h5, h6, h7, h8, h9, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, h24, h25, h26, h27, h28, h29]
CLASSES = {'c0': C0, 'c1': C1, 'c2': C2, 'c3': C3, 'c4': C4, 'c5': C5, 'c6': C6, 'c7': C7, 'c8': C8, 'c9': C9, 'c10': C10, 'c11': C11, 'c12': C12, 'c13': C13, 'c14': C14, 'c15': C15, 'c16': C16, 'c17': C17, 'c18': C18, 'c19': C19, 'c20': C20, 'c21': C21, 'c22': C22, 'c23': C23, 'c24': C24, 'c25': C25, 'c26': C26, 'c27': C27, 'c28': C28, 'c29': C29}
INSTANCES = [C0(), C1(), C2(), C3(), C4(), C5(), C6(), C7(), C8(), C9(), C10(), C11(), C12(), C13(), C14(), C15(), C16(), C17(), C18(), C19(), C20(), C21(), C22(), C23(), C24(), C25(), C26(), C27(), C28(), C29()]


@app.get("/a/{name}")
async def a(name: str):
    return HANDLERS[name](1)  # expect: RW303


@app.get("/b")
async def b():
    return [f(1) for f in LISTED]  # expect: RW303


@app.get("/c/{name}")
async def c(name: str):
    made = CLASSES[name]()
    made.quiet()
    return made.run()  # expect: RW301


@app.get("/d")
async def d():
    for one in INSTANCES:
        one.quiet()
        one.run()  # expect: RW301


@app.get("/e")
async def e():
    HANDLERS["h3"](1)
    return CLASSES["c1"]().run()
