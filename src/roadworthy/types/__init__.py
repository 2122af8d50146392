"""Questions to a type checker: where is this defined, of what type is it.

`engine` says what can be asked, `ahead` asks while other work goes on, `ty` asks ty's language server, `launch` finds and
configures it, `session` keeps one server process, `library` names the module that a
library file holds.
"""

from roadworthy.types.ahead import AskedAhead
from roadworthy.types.engine import (
    Question,
    Target,
    TypeEngine,
    TypeEngineUnavailable,
)
from roadworthy.types.library import library_module
from roadworthy.types.ty import TyEngine

__all__ = [
    "AskedAhead",
    "Question",
    "Target",
    "TyEngine",
    "TypeEngine",
    "TypeEngineUnavailable",
    "library_module",
]
