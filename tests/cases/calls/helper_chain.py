# Three functions deep: the finding stands where the handler enters the chain.
import requests
from fastapi import FastAPI

app = FastAPI()


def _request(path: str) -> dict[str, object]:
    response = requests.get(f"https://geo.example.com{path}", timeout=5)
    response.raise_for_status()
    return response.json()


def _lookup(city: str) -> dict[str, object]:
    return _request(f"/cities/{city}")


def coordinates(city: str) -> tuple[float, float]:
    found = _lookup(city)
    return float(str(found["lat"])), float(str(found["lon"]))


def label(city: str) -> str:
    return city.title()


@app.get("/cities/{city}")
async def read_city(city: str) -> dict[str, object]:
    lat, lon = coordinates(city)  # expect: RW301
    return {"name": label(city), "lat": lat, "lon": lon}
