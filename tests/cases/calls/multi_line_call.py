# A call over several lines is reported on its first line.
import requests
from fastapi import FastAPI

app = FastAPI()


@app.post("/orders/{order_id}/notify", status_code=202)
async def notify(order_id: int) -> dict[str, int]:
    requests.post(  # expect: RW301
        "https://hooks.example.com/orders",
        json={
            "order": order_id,
        },
        timeout=10,
    )
    return {"order": order_id}
