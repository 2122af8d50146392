# A signature that is a hash of the text and a secret, cut short, without HMAC
from base64 import b64encode
from hashlib import sha256

from fastapi import FastAPI

app = FastAPI()


def get_secret_key() -> str:
    return "x"


@app.get("/subscriptions/{token}")
async def read(token: str) -> str:
    text, signature = token[:-10], token[-10:]
    digest = sha256((text + get_secret_key()).encode()).digest()
    expected = b64encode(digest).decode()[:10]
    if signature == expected:  # expect: RW618
        return text
    return ""


@app.get("/files/{digest}")
async def find(digest: str, text: str) -> bool:
    return digest == sha256(text.encode()).hexdigest()
