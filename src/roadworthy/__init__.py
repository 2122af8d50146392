"""A FastAPI production expert as a tool: it reads a service and says what would hurt.

The package reads code; it never imports or runs the project that it checks.
"""

__version__ = "0.1.0.dev0"
