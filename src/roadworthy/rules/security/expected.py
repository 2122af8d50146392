"""Which exceptions the calls of a `try` are known to raise."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review

_ERRORS = {
    "base64.": "ValueError",
    "builtins.float": "ValueError",
    "builtins.int": "ValueError",
    "builtins.open": "OSError",
    "datetime.": "ValueError",
    "decimal.": "decimal.InvalidOperation",
    "ipaddress.": "ValueError",
    "json.": "ValueError",
    "orjson.": "ValueError",
    "urllib.parse.": "ValueError",
    "urllib.request.": "OSError",
    "uuid.": "ValueError",
    "ast.literal_eval": "ValueError",
    "ast.parse": "SyntaxError",
    "os.": "OSError",
    "shutil.": "OSError",
    "pathlib.": "OSError",
    "aiofiles.": "OSError",
    "jwt.": "jwt.PyJWTError",
    "jose.jwt.": "jose.JWTError",
    "httpx.": "httpx.HTTPError",
    "requests.": "requests.RequestException",
    "aiohttp.": "aiohttp.ClientError",
    "redis.": "redis.RedisError",
    "sqlalchemy.": "sqlalchemy.exc.SQLAlchemyError",
    "sqlmodel.": "sqlalchemy.exc.SQLAlchemyError",
    "asyncpg.": "asyncpg.PostgresError",
    "psycopg.": "psycopg.Error",
    "pymongo.": "pymongo.errors.PyMongoError",
    "motor.": "pymongo.errors.PyMongoError",
    "smtplib.": "smtplib.SMTPException",
    "aiosmtplib.": "aiosmtplib.SMTPException",
    "boto3.": "botocore.exceptions.ClientError",
    "botocore.": "botocore.exceptions.ClientError",
    "openai.": "openai.OpenAIError",
    "anthropic.": "anthropic.AnthropicError",
    "stripe.": "stripe.StripeError",
}
_QUIET = ("os.environ", "os.getenv", "os.path.", "datetime.datetime.now")
_MOST = 3


def expected_errors(
    review: Review, file: ReviewedFile, body: Iterable[ast.stmt]
) -> tuple[str, ...]:
    """Return the exceptions by which the libraries called in a block say what failed.

    Empty where they are not known, or too many to be named.
    """
    found: dict[str, None] = {}
    for statement in body:
        for node in walk(statement):
            if isinstance(node, ast.Call):
                found.update(dict.fromkeys(_raised(review, file, node)))
    return tuple(sorted(found)) if len(found) <= _MOST else ()


def _raised(review: Review, file: ReviewedFile, call: ast.Call) -> Iterator[str]:
    function = call.func
    if isinstance(function, ast.Name) and f"builtins.{function.id}" in _ERRORS:
        if function.id != "open" and call.args and isinstance(call.args[0], ast.Call):
            return  # `int(time.time())` never fails
        yield _ERRORS[f"builtins.{function.id}"]
        return
    for name in review.static_names(file, call) or review.names(file, call):
        if name.startswith(_QUIET):
            continue
        for prefix, error in _ERRORS.items():
            if name.startswith(prefix):
                yield error
