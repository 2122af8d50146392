"""What can be wrong with a project or with how it was asked for."""

from __future__ import annotations


class ProjectError(Exception):
    """The project cannot be checked as asked; the message says what to do."""


class ConfigurationError(ProjectError):
    """A configuration file holds something that cannot be used.

    `path` and `line` (1-based) name the place. `broken` is true when the file as a
    whole cannot be read, so that nothing is known of the settings in it.
    """

    def __init__(
        self, path: str, line: int, message: str, *, broken: bool = False
    ) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path = path
        self.line = line
        self.message = message
        self.broken = broken
