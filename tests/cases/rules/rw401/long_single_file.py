# One file of a hundred lines or more; the finding stands where the object is created
from fastapi import FastAPI

app = FastAPI(  # expect: RW401
    title="shop",
)


@app.get("/r0")
async def r0() -> int:
    """Say 0."""
    value = 0
    return value


@app.get("/r1")
async def r1() -> int:
    """Say 1."""
    value = 1
    return value


@app.get("/r2")
async def r2() -> int:
    """Say 2."""
    value = 2
    return value


@app.get("/r3")
async def r3() -> int:
    """Say 3."""
    value = 3
    return value


@app.get("/r4")
async def r4() -> int:
    """Say 4."""
    value = 4
    return value


@app.get("/r5")
async def r5() -> int:
    """Say 5."""
    value = 5
    return value


@app.get("/r6")
async def r6() -> int:
    """Say 6."""
    value = 6
    return value


@app.get("/r7")
async def r7() -> int:
    """Say 7."""
    value = 7
    return value


@app.get("/r8")
async def r8() -> int:
    """Say 8."""
    value = 8
    return value


@app.get("/r9")
async def r9() -> int:
    """Say 9."""
    value = 9
    return value


@app.get("/r10")
async def r10() -> int:
    """Say 10."""
    value = 10
    return value


@app.get("/r11")
async def r11() -> int:
    """Say 11."""
    value = 11
    return value


@app.get("/r12")
async def r12() -> int:
    """Say 12."""
    value = 12
    return value


@app.get("/r13")
async def r13() -> int:
    """Say 13."""
    value = 13
    return value


@app.get("/r14")
async def r14() -> int:
    """Say 14."""
    value = 14
    return value


@app.get("/r15")
async def r15() -> int:
    """Say 15."""
    value = 15
    return value


@app.get("/r16")
async def r16() -> int:
    """Say 16."""
    value = 16
    return value


@app.get("/r17")
async def r17() -> int:
    """Say 17."""
    value = 17
    return value
