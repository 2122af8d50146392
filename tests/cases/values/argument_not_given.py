# A branch that an argument left out excludes stays excluded, however many callers there are.
import boto3
from fastapi import FastAPI

app = FastAPI()
s3 = boto3.client("s3")


def load(
    name: str,
    folder: str | None = None,
    raw: bool = False,
    trim: bool = False,
    deep: bool = False,
    wide: bool = False,
) -> str:
    if name.startswith("s3://"):
        if folder is None:
            raise ValueError(name)
        return str(s3.get_object(Bucket="b", Key=name))
    return name


@app.get("/0")
async def read_0() -> str:
    return load("a0", raw=False, trim=False, deep=False, wide=False)


@app.get("/1")
async def read_1() -> str:
    return load("a1", raw=False, trim=False, deep=False, wide=True)


@app.get("/2")
async def read_2() -> str:
    return load("a2", raw=False, trim=False, deep=True, wide=False)


@app.get("/3")
async def read_3() -> str:
    return load("a3", raw=False, trim=False, deep=True, wide=True)


@app.get("/4")
async def read_4() -> str:
    return load("a4", raw=False, trim=True, deep=False, wide=False)


@app.get("/5")
async def read_5() -> str:
    return load("a5", raw=False, trim=True, deep=False, wide=True)


@app.get("/6")
async def read_6() -> str:
    return load("a6", raw=False, trim=True, deep=True, wide=False)


@app.get("/7")
async def read_7() -> str:
    return load("a7", raw=False, trim=True, deep=True, wide=True)


@app.get("/8")
async def read_8() -> str:
    return load("a8", raw=True, trim=False, deep=False, wide=False)


@app.get("/9")
async def read_9() -> str:
    return load("a9", raw=True, trim=False, deep=False, wide=True)


@app.get("/10")
async def read_10() -> str:
    return load("a10", raw=True, trim=False, deep=True, wide=False)


@app.get("/11")
async def read_11() -> str:
    return load("a11", raw=True, trim=False, deep=True, wide=True)


@app.get("/12")
async def read_12() -> str:
    return load("a12", raw=True, trim=True, deep=False, wide=False)


@app.get("/13")
async def read_13() -> str:
    return load("a13", raw=True, trim=True, deep=False, wide=True)


@app.get("/14")
async def read_14() -> str:
    return load("a14", raw=True, trim=True, deep=True, wide=False)


@app.get("/15")
async def read_15() -> str:
    return load("a15", raw=True, trim=True, deep=True, wide=True)


@app.get("/folder")
async def read_folder(folder: str) -> str:
    return load("a", folder)  # expect: RW301
