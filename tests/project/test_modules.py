"""Names of modules, and modules for names."""

import pytest

from roadworthy.project.discovery import discover
from roadworthy.project.modules import ModuleIndex, module_name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("app/main.py", "app.main"),
        ("app/__init__.py", "app"),
        ("main.py", "main"),
        ("__init__.py", ""),
    ],
)
def test_names_a_module_from_its_root(path, name):
    assert module_name(f"/srv/{path}", "/srv") == name


def test_refuses_a_file_outside_the_root():
    with pytest.raises(ValueError, match=r"subpath|relative"):
        module_name("/other/x.py", "/srv")


@pytest.fixture
def index(tree):
    def build(*files, folder=""):
        root = tree(dict.fromkeys(files, ""))
        return ModuleIndex.build(discover(root / folder))

    return build


def test_flat_layout(index):
    modules = index("app/__init__.py", "app/db/session.py", "main.py")
    assert modules.roots == ("",)
    assert modules.name("app/db/session.py") == "app.db.session"
    assert modules.find("app.db.session").relative == "app/db/session.py"
    assert modules.find("app").relative == "app/__init__.py"
    assert modules.find("app.nothing") is None


def test_src_layout(index):
    modules = index("pyproject.toml", "src/shop/__init__.py", "src/shop/api.py")
    assert modules.roots == ("src", "")
    assert modules.name("src/shop/api.py") == "shop.api"
    assert modules.find("shop.api").relative == "src/shop/api.py"
    # Started with `uvicorn src.shop.api:app`, imports are written so.
    assert modules.find("src.shop.api").relative == "src/shop/api.py"


def test_package_src_is_no_root_of_its_own(index):
    modules = index("src/__init__.py", "src/api.py")
    assert modules.roots == ("",)
    assert modules.name("src/api.py") == "src.api"


def test_backend_folder_with_a_project_file(index):
    modules = index("backend/pyproject.toml", "backend/app/api/users.py")
    assert modules.name("backend/app/api/users.py") == "app.api.users"
    assert modules.find("app.api.users").relative == "backend/app/api/users.py"


def test_backend_folder_without_one_is_known_by_its_package(index):
    modules = index("backend/app/__init__.py", "backend/app/api.py", "tools/x.py")
    assert "backend" in modules.roots
    assert modules.find("app.api").relative == "backend/app/api.py"


def test_services_side_by_side_do_not_take_each_others_modules(index):
    modules = index(
        "a/pyproject.toml",
        "a/app/main.py",
        "a/app/db.py",
        "b/pyproject.toml",
        "b/app/main.py",
        "b/app/db.py",
    )
    assert modules.find("app.db", "a/app/main.py").relative == "a/app/db.py"
    assert modules.find("app.db", "b/app/main.py").relative == "b/app/db.py"


def test_path_that_is_itself_a_package(index):
    modules = index(
        "shop/__init__.py", "shop/api/__init__.py", "shop/api/v1.py", folder="shop/api"
    )
    assert modules.name("v1.py") == "shop.api.v1"
    assert modules.name("__init__.py") == "shop.api"
    assert modules.find("shop.api.v1").relative == "v1.py"
    assert modules.find("shop.api").relative == "__init__.py"
    assert modules.find("shop.other") is None


def test_project_file_inside_a_package_makes_no_root(index):
    modules = index("app/__init__.py", "app/db/alembic.ini", "app/db/session.py")
    assert modules.roots == ("",)


def test_folders_without_init_are_namespaces(index):
    modules = index("app/api/users.py")
    assert modules.is_namespace("app.api")
    assert modules.is_namespace("app")
    assert not modules.is_namespace("app.users")
    assert modules.find("app") is None
    assert modules.find("app.api.users").relative == "app/api/users.py"


def test_neighbours_of_a_script_are_found_only_when_asked_for(index):
    modules = index("services/mailer/main.py", "services/mailer/queue_client.py")
    assert modules.find("queue_client", "services/mailer/main.py") is None
    found = modules.find_beside("queue_client", "services/mailer/main.py")
    assert found.relative == "services/mailer/queue_client.py"
