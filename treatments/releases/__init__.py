"""Releases of the data set: named, unchangeable snapshots of everything published, as files with checksums.

``cutting`` makes them, ``files`` writes their bytes, ``difference`` says what changed since the release before. The
database keeps them (``models/releases.py``) and refuses to change them.
"""

from .cutting import ReleaseRefused, cut, keep_loaded

__all__ = ["ReleaseRefused", "cut", "keep_loaded"]
