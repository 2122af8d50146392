"""RW409 unversioned-api."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.app.model import Router
from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.structure.modules import applications
from roadworthy.rules.structure.paths import (
    is_told,
    known_text,
    matched_routes,
    readable,
)
from roadworthy.values.atoms import Sequence, Value

RULE = Rule(
    code="RW409",
    name="unversioned-api",
    severity="advice",
    advice=True,
    summary="Routes carry no version in their prefix or host.",
    why=(
        "Without a version the first change that old clients cannot read breaks all of "
        "them at once: there is no place where the new behaviour can live beside the old."
    ),
    instead='Include the routers below a versioned prefix: `prefix="/api/v1"`.',
    wrong="""\
from fastapi import FastAPI

app = FastAPI()  # expect: RW409


@app.get("/pens")
async def read_pens() -> list[int]:
    return []
""",
    right="""\
from fastapi import APIRouter, FastAPI

router = APIRouter(prefix="/pens")


@router.get("")
async def read_pens() -> list[int]:
    return []


app = FastAPI()
app.include_router(router, prefix="/api/v1")


@app.get("/health")
async def read_health() -> None:
    return None
""",
    references=("https://fastapi.tiangolo.com/tutorial/bigger-applications/",),
)

_VERSION = re.compile(
    r"(?:v|ver|version)[-_]?\d+(?:[._]\d+)*(?:(?:alpha|beta|rc)\d*)?"
    r"|\d{4}-\d{2}(?:-\d{2})?|\d+\.\d+|\{(?:api_)?version(?::\w+)?\}",
    re.IGNORECASE,
)
_HOST_VERSION = re.compile(r"(?:^|[./-])v\d+(?:[./-]|$)", re.IGNORECASE)
_EXEMPT_WORDS = """
    health healthz healthcheck health-check health_check ping ready readyz readiness live
    livez liveness status alive up metrics prometheus docs redoc openapi openapi.json
    swagger auth login logout signin signout signup sign-in sign-out sign-up register
    token tokens refresh oauth oauth2 oidc sso saml scim callback webhook webhooks hook
    hooks .well-known favicon.ico robots.txt sitemap.xml static assets version debug graphql
    """
_EXEMPT = frozenset(_EXEMPT_WORDS.split())
_PAGES = ("HTMLResponse", "FileResponse", "RedirectResponse", "PlainTextResponse")


def check(review: Review) -> Iterator[Finding]:
    """Flag applications some of whose routes have no version."""
    mounted = _mounted(review)
    for application, file in applications(review):
        if _has_versioned_root(application) or application in mounted:
            continue
        paths = list(dict.fromkeys(_unversioned(review, application)))
        if not paths:
            continue
        if _has_versioned_host(review, application):
            continue
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield review.finding(
            RULE, file, application.place, f"`{paths[0]}`{more} carry no version"
        )


def _unversioned(review: Review, application: Router) -> Iterator[str]:
    for route in matched_routes(application):
        file = review.file_of(route.declaration.place.module)
        if file is None or not review.is_application_file(file):
            continue
        if not is_told(route.path) or route.declaration.kind == "websocket":
            continue
        options = [given.keywords for given in route.arguments]
        if any(kinds.is_false(given.get("include_in_schema")) for given in options):
            continue
        if _is_page(options[-1].get("response_class")):
            continue
        parts = [part for part in route.path.split("/") if part]
        if not parts or any(_VERSION.fullmatch(part) for part in parts):
            continue
        if "latest" in parts[:-1]:
            # An alias of the newest version, beside the numbered ones.
            continue
        if any(part.lower() in _EXEMPT for part in parts):
            continue
        yield readable(route.path)


def _is_page(value: Value | None) -> bool:
    return kinds.any_is(
        value or (),
        lambda atom: any(name.endswith(_PAGES) for name in kinds.lineage(atom)),
    )


def _has_versioned_root(application: Router) -> bool:
    """Whether the root path or a server's address has a version, or cannot be told."""
    for name in ("root_path", "openapi_prefix"):
        given = application.arguments.keywords.get(name)
        if given is not None:
            text = known_text(given)
            if text is None or any(_VERSION.fullmatch(p) for p in text.split("/")):
                return True
    return _mentions_version(application.arguments.keywords.get("servers") or ())


def _mentions_version(value: Value) -> bool:
    for atom in value:
        if isinstance(atom, Sequence):
            if atom.items is None:
                return True
            if any(_mentions_version(item) for item in atom.items):
                return True
        items = getattr(atom, "items", None)
        if not isinstance(atom, Sequence) and items:
            for _, held in items:
                if _HOST_VERSION.search(known_text(held) or ""):
                    return True
    return False


def _mounted(review: Review) -> frozenset[Router]:
    """Return the applications mounted below a prefix with a version, or an unknown one."""
    found: set[Router] = set()
    for router in review.application.routers:
        for inclusion in router.inclusions:
            if inclusion.mounted and (
                not inclusion.prefix
                or any(_VERSION.fullmatch(p) for p in inclusion.prefix.split("/"))
            ):
                found.add(inclusion.child)
    return frozenset(found)


def _has_versioned_host(review: Review, application: Router) -> bool:
    """Whether some `Host` route leads to a name with a version."""
    for file in review.files:
        if not file.mentions(".host(", "Host("):
            continue
        for call in file.nodes(ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in ("host", "Host") and call.args:
                text = known_text(review.value(file, call.args[0]))
                if text is not None and _HOST_VERSION.search(text):
                    return True
    return False
