"""Which code is running: a part of every ETag, so that an answer made by other code is never taken for today's."""

import functools
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

PACKAGES = ("knowledgebase", "treatments", "templates", "static")
SUFFIXES = {".py", ".html", ".xml", ".txt", ".css", ".js", ".svg", ".json"}


def code_version() -> str:
    """A hash over everything that shapes an answer: code, templates, static files, the versions of the libraries.

    Worked out once; under DEBUG each time, since templates change there without a restart.
    """
    return fingerprint(settings.BASE_DIR) if settings.DEBUG else _at_start()


@functools.cache
def _at_start() -> str:
    return fingerprint(settings.BASE_DIR)


def fingerprint(root: Path) -> str:
    """A hash over names and contents of the project's source files below ``root``."""
    files = [root / "requirements.lock"]
    for package in PACKAGES:
        files += sorted(path for path in (root / package).rglob("*") if path.suffix in SUFFIXES)
    total = blake2b(digest_size=12)
    for path in files:
        total.update(f"{path.relative_to(root)}\0".encode())
        total.update(path.read_bytes() if path.is_file() else b"")
    return total.hexdigest()
