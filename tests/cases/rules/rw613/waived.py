# A line that another linter was told to let pass, clean-up, and telling of an error in hand.
from fastapi import FastAPI, HTTPException

from work import do

app = FastAPI()


@app.post("/a")
async def a() -> None:
    try:
        do()
    except Exception:  # noqa: BLE001 - it has its own log
        pass
    task = do()
    try:
        await task.aclose()
    except Exception:
        pass
    try:
        answer = do()
    except KeyError as error:
        detail = "no answer"
        try:
            detail = error.args[0]
        except Exception:
            pass
        raise HTTPException(502, detail) from error
    print(answer)


@app.post("/b")
async def b() -> None:
    try:
        do()
    except Exception:  # expect: RW613
        pass  # noqa: F841
