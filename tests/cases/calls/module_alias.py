# A module imported under another name.
import requests as http
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates/{currency}")
async def rate(currency: str) -> dict[str, float]:
    answer = http.get(f"https://rates.example.com/{currency}", timeout=5)  # expect: RW301
    return {"rate": float(answer.json()["rate"])}
