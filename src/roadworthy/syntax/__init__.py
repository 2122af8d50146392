"""Reading Python files into syntax trees, whatever Python version they are written for."""

from roadworthy.syntax.source import (
    MAX_BYTES,
    SourceFile,
    UnreadableSource,
    parse_source,
    read_source,
)

__all__ = ["MAX_BYTES", "SourceFile", "UnreadableSource", "parse_source", "read_source"]
