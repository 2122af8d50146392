# A table of names, and a mark that a sibling says too, are no secrets
from enum import Enum

from fastapi import FastAPI

app = FastAPI()


class Method(Enum):
    LDAP = "ldap"
    LOCAL = "local"


FIELDS = {"email": "email", "password": "provider"}
REMOTE = {"password": "LDAP", "method": Method.LDAP}
LOCAL = {"password": "letmein", "method": Method.LOCAL}  # expect: RW604


def account(*, password: str, method: Method) -> str:
    return f"{password} {method}"


@app.get("/accounts")
async def accounts() -> list[str]:
    return [
        account(password="LDAP", method=Method.LDAP),
        account(password="letmein", method=Method.LOCAL),  # expect: RW604
    ]
