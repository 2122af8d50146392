# Broad and database exceptions, by str, repr, f-string, traceback, a name in between.
import traceback

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from work import do

app = FastAPI()


class OutOfStock(Exception): ...


@app.post("/a")
async def a():
    try:
        do()
    except OutOfStock as error:
        raise HTTPException(409, str(error))
    except ValueError as error:
        raise HTTPException(422, detail=f"Bad value: {error}")
    except SQLAlchemyError as error:
        raise HTTPException(  # expect: RW612
            status_code=500,
            detail=f"database: {error}",
        )
    except Exception as error:
        message = repr(error)
        raise HTTPException(500, message)  # expect: RW612


@app.post("/b")
async def b():
    try:
        do()
    except Exception:
        return JSONResponse({"trace": traceback.format_exc()}, 500)  # expect: RW612


@app.post("/c")
async def c():
    try:
        do()
    except Exception as error:
        return {"error": str(error)}  # expect: RW612


@app.post("/d")
async def d():
    try:
        do()
    except Exception as error:
        print(str(error))
        raise HTTPException(500, f"It did not work ({type(error).__name__})")
