# String work, dictionaries, json.loads, hashes of short text and logging are silent.
import hashlib
import json
import logging
import re
import uuid
from datetime import datetime, timezone
from io import BytesIO, StringIO
from typing import Any

from fastapi import FastAPI

app = FastAPI()
log = logging.getLogger(__name__)


@app.post("/digest")
async def digest(text: str) -> dict[str, Any]:
    log.info("digest of %d characters", len(text))
    buffer = BytesIO()
    buffer.write(text.encode())
    lines = StringIO(text).readlines()
    return {
        "id": str(uuid.uuid4()),
        "sha": hashlib.sha256(buffer.getvalue()).hexdigest(),
        "words": len(re.findall(r"\w+", text)),
        "data": json.loads(json.dumps({"at": datetime.now(timezone.utc).isoformat()})),
        "lines": len(lines),
    }
