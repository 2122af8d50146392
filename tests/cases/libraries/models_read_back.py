# A model read back from a file predicts; other data that was read back does nothing.
# file: predict.py
import pickle
from functools import lru_cache

import joblib


class Predictor:
    def __init__(self, path: str) -> None:
        with open(path, "rb") as stream:
            self.model = pickle.load(stream)

    def __call__(self, rows):
        return self.model.predict(rows).tolist()


scaler = joblib.load("scaler.joblib")


@lru_cache
def get_predictor() -> Predictor:
    return Predictor("model.pkl")


predictor = get_predictor()
# file: main.py
import asyncio
import pickle

from fastapi import Depends, FastAPI

from predict import get_predictor, predictor, scaler

app = FastAPI()


@app.post("/predict")
async def predict(rows: list[list[float]]):
    scaled = scaler.transform(rows)  # expect: RW306
    return predictor(scaled)  # expect: RW306


@app.post("/predict/off")
async def predict_off(rows: list[list[float]], model=Depends(get_predictor)):
    return await asyncio.to_thread(model, rows)


@app.post("/data")
async def data(raw: bytes):
    table = pickle.loads(raw)
    found = [value for key, value in table.items() if key in table["names"]]
    return len(found), table.get("x")
