"""The program that compares maps with running services, from `benchmarks/routes`."""

import importlib.util
import sys
from pathlib import Path


def _compare():
    # Not by `import`: another benchmark has a program of that name.
    path = Path(__file__).parents[1] / "benchmarks" / "routes" / "compare.py"
    spec = importlib.util.spec_from_file_location("route_compare", path)
    module = sys.modules["route_compare"] = importlib.util.module_from_spec(spec)
    sys.path.append(str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


compare = _compare()
