"""A faithful stand-in for the Altcraft platform API, built from the documents and not from any client.

`SandboxServer` serves it from a thread, `python -m imports.sandbox` and `manage.py sandbox` in the foreground.
"""

from .platform import Platform
from .server import SandboxServer

__all__ = ["Platform", "SandboxServer"]
