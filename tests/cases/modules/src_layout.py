# A project whose packages lie under src/.
# file: src/service/__init__.py
# file: src/service/main.py
from fastapi import FastAPI
from service.clients.crm import CrmClient

app = FastAPI()
crm = CrmClient()


@app.get("/contacts/{contact_id}")
async def contact(contact_id: int) -> dict[str, object]:
    return crm.contact(contact_id)  # expect: RW301


@app.get("/cached/{contact_id}")
async def cached(contact_id: int) -> dict[str, object]:
    return crm.cached(contact_id)
# file: src/service/clients/__init__.py
# file: src/service/clients/crm.py
import httpx


class CrmClient:
    def __init__(self) -> None:
        self._http = httpx.Client(base_url="https://crm.example.com")
        self._cache: dict[int, dict[str, object]] = {}

    def contact(self, contact_id: int) -> dict[str, object]:
        return self._http.get(f"/contacts/{contact_id}").json()

    def cached(self, contact_id: int) -> dict[str, object]:
        return self._cache.get(contact_id, {})
