# A library without an application: its coroutines are nobody's routes.
# file: toolkit/__init__.py
# file: toolkit/client.py
import time


class Client:
    async def fetch(self) -> str:
        time.sleep(1)
        return "fetched"


async def main() -> str:
    return await Client().fetch()
