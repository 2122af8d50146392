# try/except ImportError around an import: the library that blocks counts when present.
from fastapi import FastAPI

try:
    import requests
except ImportError:
    requests = None

app = FastAPI()


@app.get("/probe")
async def probe() -> bool:
    if requests is None:
        return False
    return requests.get("https://example.com", timeout=1).ok  # expect: RW301
