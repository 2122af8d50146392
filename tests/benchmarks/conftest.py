"""The benchmarks are programs beside the package; their modules are found here."""

import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "benchmarks" / "blocking"
sys.path.insert(0, str(FOLDER))
