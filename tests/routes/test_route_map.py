"""The map of routes beside what the running applications say of themselves."""

import dataclasses
import json
import shutil
import sys
from pathlib import Path

import pytest

from casefile import read_case
from comparing import compare
from roadworthy import cli
from roadworthy.output import routes as output
from roadworthy.route_map import Blocking, MappedRoute, RouteTest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BOOKSHOP = ROOT / "examples" / "bookshop"
CASES = ROOT / "tests" / "cases"


@pytest.fixture
def mapped(capsys):
    """Return a function that maps a folder and gives the routes by label."""

    def run(root):
        status = cli.main(
            ["routes", str(root), "--format", "json", "--python", sys.prefix]
        )
        captured = capsys.readouterr()
        assert status == 0, captured.err
        told = json.loads(captured.out)
        for route in told["routes"]:
            route["blocking"] = [told["blocking"][n] for n in route["blocking"]]
        return {
            f"{','.join(route['methods'])} {route['path']}".strip(): route
            for route in told["routes"]
        }

    return run


@pytest.fixture
def write(tmp_path):
    def make(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        return tmp_path

    return make


# -- beside the running application ----------------------------------------------------


def differences(root, module, name):
    program = compare.application_of(module, name)
    found = compare.compare(compare.Target(root, program, sys.executable))
    assert found.running
    assert found.running >= found.documented
    assert found.differences == ()
    return sorted(found.missing), sorted(found.extra)


def test_example_service(tmp_path):
    root = tmp_path / "bookshop"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.db")
    shutil.copytree(BOOKSHOP, root, ignore=ignored)
    assert differences(root, "app.main", "app") == ([], [])


@pytest.mark.parametrize(
    ("case", "module", "name"),
    [
        ("applications/add_api_route", "main", "app"),
        ("applications/api_route_and_methods", "main", "app"),
        ("applications/controller_registers_methods", "main", "app"),
        ("applications/generator_routes", "main", "app"),
        ("applications/mounted_sub_application", "main", "app"),
        ("applications/nested_routers", None, None),
        ("applications/starlette_routes", "main", "app"),
        ("applications/two_applications", "public", "app"),
        ("applications/unused_router", "main", "app"),
        ("applications/websocket", "main", "app"),
    ],
)
def test_services_of_the_cases(tmp_path, case, module, name):
    written = read_case(CASES / f"{case}.py")
    written.write_to(tmp_path)
    if module is None:
        module, name = _application(written)
    assert differences(tmp_path, module, name) == ([], [])


def _application(case):
    for path, text in case.modules.items():
        for line in text.splitlines():
            if line.startswith("app = FastAPI("):
                return path.removesuffix(".py").replace("/", "."), "app"
    raise AssertionError("the case makes no application")


def test_a_service_that_does_not_start_is_said_to(tmp_path):
    (tmp_path / "main.py").write_text("raise RuntimeError('no database')\n")
    program = compare.application_of("main", "app")
    target = compare.Target(tmp_path, program, sys.executable)
    with pytest.raises(compare.ServiceError, match="RuntimeError: no database"):
        compare.running_routes(target)


# -- what is told of a route -------------------------------------------------------------

SERVICE = """
import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Security
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

engine = create_engine("sqlite://")
scheme = OAuth2PasswordBearer(tokenUrl="token", scopes={"items": "read"})
key = APIKeyHeader(name="X-Key")


class Item(BaseModel):
    name: str


def get_db() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


async def slow() -> None:
    time.sleep(1)


async def current_user(token: Annotated[str, Depends(scheme)]) -> str:
    if token != "x":
        raise HTTPException(401)
    return token


async def limit(request: Request) -> None:
    if request.client is None:
        raise HTTPException(status_code=429)


router = APIRouter(prefix="/items", dependencies=[Depends(limit)])


@router.get("/{item_id}")
async def read(
    item_id: int, user: Annotated[str, Security(current_user, scopes=["items"])]
) -> Item | None:
    return None


@router.post("", response_model=list[Item], dependencies=[Depends(slow)])
def create(item: Item, db: Annotated[Session, Depends(get_db)]) -> object:
    return [item]


app = FastAPI()
app.include_router(router, prefix="/api", dependencies=[Depends(key)])


@app.get("/health", status_code=204)
async def health() -> None:
    time.sleep(1)
"""

TESTS = """
from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_read() -> None:
    assert client.get("/api/items/1").status_code == 401
"""


def test_request_and_response(mapped, write):
    routes = mapped(write(main=SERVICE))
    assert list(routes) == [
        "GET /health",
        "GET /api/items/{item_id}",
        "POST /api/items",
    ]
    create = routes["POST /api/items"]
    assert (create["request"], create["response"]) == (["item: Item"], "list[Item]")
    assert routes["GET /api/items/{item_id}"]["response"] == "Item | None"
    assert routes["GET /health"]["response"] == "None"
    assert create["handler"] == "main.create"


def test_security_and_limits_of_all_levels_count(mapped, write):
    routes = mapped(write(main=SERVICE))
    read = routes["GET /api/items/{item_id}"]
    assert set(read["schemes"]) == {"OAuth2PasswordBearer", "APIKeyHeader"}
    assert (read["scopes"], read["guards"]) == (["items"], ["current_user"])
    assert read["limits"] == ["limit"]
    assert routes["POST /api/items"]["schemes"] == ["APIKeyHeader"]
    health = routes["GET /health"]
    assert (health["schemes"], health["guards"], health["limits"]) == ([], [], [])


def test_guards_and_limits_by_decorator(mapped, write):
    text = (
        "from fastapi import FastAPI, Request\n"
        "from slowapi import Limiter\n"
        "from slowapi.util import get_remote_address\n"
        "from starlette.authentication import requires\n"
        "app = FastAPI()\nlimiter = Limiter(key_func=get_remote_address)\n"
        "@app.get('/auth')\n@requires('authenticated')\n@limiter.limit('5/minute')\n"
        "async def auth(request: Request) -> str:\n    return ''\n"
    )
    route = mapped(write(main=text))["GET /auth"]
    assert route["guards"] == ["requires('authenticated')"]
    assert route["limits"] == ["limiter.limit('5/minute')"]


def test_a_page_size_is_no_rate_limit(mapped, write):
    text = (
        "from fastapi import Body, Depends, FastAPI, HTTPException\n"
        "app = FastAPI()\n"
        "def page_limit(limit: int = Body(100)) -> int:\n    return limit\n"
        "def budget(limit: int = Body(100)) -> int:\n"
        "    if limit > 9:\n        raise HTTPException(429)\n    return limit\n"
        "@app.post('/filter')\n"
        "def filtered(limit: int = Depends(page_limit)) -> None: ...\n"
        "@app.post('/work')\ndef work(limit: int = Depends(budget)) -> None: ...\n"
    )
    routes = mapped(write(main=text))
    assert routes["POST /filter"]["limits"] == []
    assert routes["POST /work"]["limits"] == ["budget"]


def test_decorators_count_beside_middleware(mapped, write):
    text = (
        "from fastapi import FastAPI, Request\n"
        "from starlette.authentication import AuthenticationBackend, requires\n"
        "from starlette.middleware.authentication import AuthenticationMiddleware\n"
        "app = FastAPI()\n"
        "app.add_middleware(AuthenticationMiddleware, backend=AuthenticationBackend())\n"
        "def authored(function):\n    return function\n"
        "@app.get('/own')\n@requires('authenticated')\n"
        "async def own(request: Request) -> str:\n    return ''\n"
        "@app.get('/open')\n@authored\nasync def open_() -> str:\n    return ''\n"
    )
    routes = mapped(write(main=text))
    assert routes["GET /own"]["guards"] == ["middleware", "requires('authenticated')"]
    assert routes["GET /open"]["guards"] == ["middleware"]


def test_sessions(mapped, write):
    routes = mapped(write(main=SERVICE))
    assert routes["POST /api/items"]["sessions"] == ["Session"]
    assert routes["GET /health"]["sessions"] == []


def test_what_blocks_it_in_the_handler_or_in_a_dependency(mapped, write):
    routes = mapped(write(main=SERVICE))
    lines = SERVICE.splitlines()

    def blocked(label):
        return [
            (block["rule"], lines[block["line"] - 2])
            for block in routes[label]["blocking"]
        ]

    assert blocked("GET /health") == [("RW303", "async def health() -> None:")]
    # The handler is `def`, but its dependency runs on the loop.
    assert blocked("POST /api/items") == [("RW303", "async def slow() -> None:")]
    assert blocked("GET /api/items/{item_id}") == []
    assert routes["POST /api/items"]["is_async"] is False
    assert routes["GET /health"]["is_async"] is True


def test_each_of_many_routes_tells_of_a_common_blocking_call(mapped, write):
    """The walk over all routes names only some of the routes that reach a site."""
    handlers = "".join(
        f"@app.get('/r{n}')\nasync def r{n}() -> None:\n    await work()\n"
        for n in range(30)
    )
    text = (
        "import time\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        f"async def work() -> None:\n    time.sleep(1)\n{handlers}"
    )
    routes = mapped(write(main=text))
    assert len(routes) == 30
    for route in routes.values():
        assert [block["line"] for block in route["blocking"]] == [5]


def test_tests_that_request_it(mapped, write):
    routes = mapped(write(main=SERVICE, test_main=TESTS))
    line = TESTS.splitlines().index(
        '    assert client.get("/api/items/1").status_code == 401'
    )
    assert routes["GET /api/items/{item_id}"]["tests"] == [
        {"path": "test_main.py", "line": line + 1, "test": "test_read"}
    ]
    assert routes["POST /api/items"]["tests"] == []


def test_a_mounted_application_is_told_once(mapped, write):
    text = (
        "from fastapi import FastAPI\napp = FastAPI()\nadmin = FastAPI()\n"
        "@admin.get('/users')\nasync def users() -> list[str]:\n    return []\n"
        "app.mount('/admin', admin)\n"
    )
    assert list(mapped(write(main=text))) == ["GET /admin/users"]


APPLICATIONS = """
import os

from fastapi import APIRouter, FastAPI

router = APIRouter()


@router.get("/items")
async def items() -> list[str]:
    return []


def complete(application: FastAPI) -> None:
    application.include_router(router)


"""


def _paths(root, capsys):
    assert cli.main(["routes", str(root), "--format", "json"]) == 0
    return [route["path"] for route in json.loads(capsys.readouterr().out)["routes"]]


def test_an_application_made_in_one_of_two_branches_is_told_once(write, capsys):
    root = write(
        main=APPLICATIONS
        + "if os.environ.get('DEBUG'):\n    app = FastAPI(debug=True)\n"
        + "else:\n    app = FastAPI(docs_url=None)\n"
        + "complete(app)\n",
        serve="from main import app\n",
    )
    assert _paths(root, capsys) == ["/items"]


@pytest.mark.parametrize(
    "completing",
    [
        "complete(app)\ncomplete(admin)\n",
        "for application in (app, admin):\n    complete(application)\n",
    ],
)
def test_two_applications_with_the_same_router_are_told_apart(
    write, capsys, completing
):
    root = write(main=f"{APPLICATIONS}app = FastAPI()\nadmin = FastAPI()\n{completing}")
    assert _paths(root, capsys) == ["/items", "/items"]


def test_what_calls_in_a_circle_blocks_each_route_that_enters_it(mapped, write):
    text = (
        "import time\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "async def a(n: int) -> None:\n    time.sleep(1)\n    await b(n)\n"
        "async def b(n: int) -> None:\n    await c(n)\n    open('x').read()\n"
        "async def c(n: int) -> None:\n    if n:\n        await a(n)\n"
        "async def d() -> None:\n    open('y').read()\n"
        "@app.get('/b')\nasync def rb(n: int) -> None:\n    await b(n)\n"
        "@app.get('/c')\nasync def rc(n: int) -> None:\n    await c(n)\n    await d()\n"
        "@app.get('/d')\nasync def rd() -> None:\n    await d()\n"
    )
    routes = mapped(write(main=text))
    lines = {
        path: sorted(block["line"] for block in routes[f"GET {path}"]["blocking"])
        for path in ("/b", "/c", "/d")
    }
    assert lines == {"/b": [5, 9], "/c": [5, 9, 14], "/d": [14]}


# -- how it is shown -----------------------------------------------------------------------

ROUTE = MappedRoute(
    methods=("GET",),
    path="/users/{id}",
    kind="route",
    application="app/main.py:4",
    handler="app.api.users.read_user",
    file="app/api/users.py",
    line=9,
    is_async=True,
    request=(),
    response="User | None",
    schemes=("OAuth2PasswordBearer",),
    scopes=("users", "me"),
    guards=("current_user",),
    limits=(),
    sessions=("AsyncSession",),
    blocking=(Blocking("RW301", "error", "app/api/users.py", 11, "it blocks"),) * 2,
    tests=(
        RouteTest("tests/test_users.py", 3, "test_read"),
        RouteTest("tests/test_users.py", 5, "test_read"),
    ),
)
SOCKET = dataclasses.replace(
    ROUTE, methods=(), kind="websocket", path="/ws", is_async=None, handler="", tests=()
)


def test_table_leaves_out_empty_columns():
    lines = list(output.to_terminal([ROUTE, SOCKET], None, False))
    assert lines == [
        "method     path         handler                  response     security       "
        "                                session       runs   blocked by  tests",
        "GET        /users/{id}  app.api.users.read_user  User | None  "
        "OAuth2PasswordBearer, current_user (users me)  AsyncSession  async  RW301"
        "       1",
        "WEBSOCKET  /ws          ?                        User | None  "
        "OAuth2PasswordBearer, current_user (users me)  AsyncSession  ?      RW301"
        "       0",
        "",
        "2 routes, 2 blocking the event loop, 1 that no test requests.",
    ]


def test_table_fits_the_terminal_and_keeps_paths_whole():
    lines = list(output.to_terminal([ROUTE, SOCKET], 125, False))
    assert max(map(len, lines)) <= 125
    assert lines[0].startswith("method ")
    assert "/users/{id}" in lines[1]
    # What has no room goes on below.
    start = lines[0].index("security")
    cell = "".join(line[start:].partition("  ")[0] for line in lines[1:3])
    assert cell.replace(" ", "") == "OAuth2PasswordBearer,current_user(usersme)"


def test_without_room_for_columns_each_route_has_its_own_lines():
    lines = list(output.to_terminal([ROUTE, SOCKET], 60, False))
    assert lines == [
        "GET  /users/{id}",
        "    handler: app.api.users.read_user; response: User | None",
        "    security: OAuth2PasswordBearer, current_user (users me)",
        "    session: AsyncSession; runs: async; blocked by: RW301",
        "    tests: 1",
        "WEBSOCKET  /ws",
        "    handler: ?; response: User | None",
        "    security: OAuth2PasswordBearer, current_user (users me)",
        "    session: AsyncSession; runs: ?; blocked by: RW301",
        "    tests: 0",
        "",
        "2 routes, 2 blocking the event loop, 1 that no test requests.",
    ]
    told = list(output.to_terminal([ROUTE], 20, False))
    assert max(map(len, told[:-1])) <= 20
    assert "OAuth2PasswordBearer" in "".join(line.strip() for line in told)


def test_no_routes():
    assert list(output.to_terminal([], 80, True)) == ["No routes found."]


def test_markdown():
    lines = list(output.to_markdown([ROUTE]))
    assert lines[1] == "|" + "---|" * 11
    assert "| User \\| None |" in lines[2]
    cells = lines[2].replace("\\|", "").count("|")
    assert cells == lines[0].count("|") == 12


def test_json_holds_everything():
    told = json.loads(output.to_json([ROUTE], (), ("a note",)))
    expected = json.loads(json.dumps(dataclasses.asdict(ROUTE)))
    assert told["blocking"] == expected["blocking"][:1]
    assert told["routes"][0] == {**expected, "blocking": [0, 0]}
    assert (told["version"], told["unread"], told["notes"]) == (1, [], ["a note"])


def test_a_folder_that_is_not_there_is_2(capsys, tmp_path):
    assert cli.main(["routes", str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err


def test_unread_files_and_notes_go_to_the_error_stream(capsys, write):
    root = write(main="from fastapi import FastAPI\napp = FastAPI()\n", bad="def (\n")
    assert cli.main(["routes", str(root), "--python", sys.prefix]) == 0
    captured = capsys.readouterr()
    assert captured.out == "No routes found.\n"
    assert "roadworthy: not read: bad.py:1: " in captured.err


def test_a_folder_without_an_application_is_told(capsys, write):
    root = write(work="x = 1\n")
    assert cli.main(["routes", str(root), "--python", sys.prefix]) == 0
    assert capsys.readouterr().out == f"No FastAPI application found in {root}.\n"


def test_exclude(mapped, capsys, write):
    root = write(main=SERVICE)
    flags = ["--format", "json", "--exclude", "main.py", "--python", sys.prefix]
    assert cli.main(["routes", str(root), *flags]) == 0
    assert json.loads(capsys.readouterr().out)["routes"] == []


def test_attributes_of_the_application_and_added_texts_are_paths(write, mapped):
    root = write(main="""
from fastapi import FastAPI

PREFIX = "/p"
app = FastAPI(swagger_ui_oauth2_redirect_url="/docs/redirect")


@app.get(app.swagger_ui_oauth2_redirect_url)
async def redirect(): ...


@app.get(app.openapi_url + "/raw")
async def raw(): ...


@app.get(PREFIX + "/added")
async def added(): ...


@app.get("%s/percent" % PREFIX)
async def percent(): ...
""")

    assert set(mapped(root)) == {
        "GET /docs/redirect",
        "GET /openapi.json/raw",
        "GET /p/added",
        "GET /p/percent",
    }


def test_graphql_routers_have_their_routes(write, mapped):
    root = write(main="""
import strawberry
from fastapi import APIRouter, FastAPI
from strawberry.fastapi import GraphQLRouter


class Own(GraphQLRouter):
    pass


schema = strawberry.Schema(object)
api = APIRouter()
api.include_router(Own(schema, path="/own"))
app = FastAPI()
app.include_router(GraphQLRouter(schema), prefix="/graphql")
app.include_router(api, prefix="/api")
""")

    assert set(mapped(root)) == {
        "GET /graphql",
        "POST /graphql",
        "/graphql",
        "GET /api/own",
        "POST /api/own",
        "/api/own",
    }


def test_protocols_do_not_hide_the_rest_of_a_module(write, mapped):
    root = write(main="""
from typing import Protocol, runtime_checkable

from fastapi import FastAPI


@runtime_checkable
class Host(Protocol):
    def run(self) -> int: ...


class Real:
    def run(self) -> int:
        return 1


host = Real()
assert isinstance(host, Host)
app = FastAPI()


@app.get("/run")
async def run(): ...
""")

    assert set(mapped(root)) == {"GET /run"}


CONTENTS = """
import os
from typing import Annotated

from fastapi import Body, Depends, FastAPI
from fastapi.security.api_key import APIKeyHeader
from pydantic import BaseModel


class A(BaseModel): ...


class B(BaseModel): ...


class C(BaseModel): ...


Any3 = A | B | C
key = APIKeyHeader(name="X-Key")
app = FastAPI()


@app.post("/union", response_model=Any3, dependencies=[Depends(key)])
def union(ids: set[int] | None = None) -> object: ...


@app.post("/alias")
def alias(given: Annotated[A, Body(alias="schema")], b: B) -> list[A] | None: ...


@app.get("/told", response_model=None, responses={200: {"model": A}, 404: {"model": B}})
def told(): ...


def add(root):
    for name in ("a", "b"):
        app.add_api_route(f"/.well-known/{name}{root}/x", told)


if root := os.environ.get("ROOT_OF_IT"):
    add(root)
"""


def test_contents_are_those_that_the_service_documents(write):
    root = write(main=CONTENTS)
    missing, extra = differences(root, "main", "app")
    assert missing == []
    # What only the run can tell of a path is left open; the rest is kept.
    assert extra == [("GET", "/.well-known/a…/x"), ("GET", "/.well-known/b…/x")]


def test_request_names_schemes_and_unions(write, mapped):
    routes = mapped(write(main=CONTENTS))
    union = routes["POST /union"]
    assert (union["request"], union["response"]) == (
        ["ids: set[int] | None"],
        "A | B | C",
    )
    assert (union["schemes"], union["guards"]) == (["APIKeyHeader"], [])
    assert routes["POST /alias"]["request"] == ["schema: A", "b: B"]
    assert routes["GET /told"]["response"] == "A"


def test_differences_of_contents_are_found(tmp_path, write):
    root = write(main=CONTENTS)
    found = compare.compare(
        compare.Target(
            root,
            "from main import *\n"
            "application = FastAPI()\n"
            "@application.post('/union', response_model=C)\n"
            "def other(a: A): ...\n",
            sys.executable,
        )
    )
    assert [str(difference) for difference in found.differences] == [
        "POST /union: request: None fields: ids int set mapped, A documented",
        "POST /union: response: A B C mapped, C documented",
        "POST /union: schemes: APIKeyHeader mapped, - documented",
    ]


def test_a_refusal_that_is_kept_guards_nothing(write, mapped):
    root = write(main="""
from fastapi import Depends, FastAPI, HTTPException, Request


async def current_user(request: Request) -> str:
    if "user" not in request.headers:
        raise HTTPException(401)
    return request.headers["user"]


async def whoever(request: Request) -> str | None:
    try:
        return await current_user(request)
    except HTTPException:
        return None


async def passed_on(request: Request) -> str:
    try:
        return await current_user(request)
    except HTTPException:
        raise


app = FastAPI()


@app.middleware("http")
async def audit(request: Request, call_next):
    print(await whoever(request))
    return await call_next(request)


@app.get("/open", dependencies=[Depends(whoever)])
async def open_() -> None: ...


@app.get("/closed", dependencies=[Depends(passed_on)])
async def closed() -> None: ...
""")
    routes = mapped(root)
    assert routes["GET /open"]["guards"] == []
    assert routes["GET /closed"]["guards"] == ["passed_on"]


def test_what_is_mounted_at_the_root_has_its_own_paths(write):
    root = write(
        main="from fastapi import FastAPI\n\n"
        "app = FastAPI()\n"
        "pages = FastAPI(openapi_url=None)\n"
        "files = FastAPI(openapi_url=None)\n\n\n"
        "@pages.get('/about')\n"
        "async def about() -> str:\n    return 'about'\n\n\n"
        "@files.get('/{name}')\n"
        "async def read(name: str) -> str:\n    return name\n\n\n"
        "app.mount('/files/', files)\n"
        "app.mount('/', pages)\n"
    )
    program = compare.application_of("main", "app")
    found = compare.compare(compare.Target(root, program, sys.executable))
    assert found.running == {("GET", "/about"), ("GET", "/files/{name}")}
    assert (found.missing, found.extra) == (frozenset(), frozenset())
