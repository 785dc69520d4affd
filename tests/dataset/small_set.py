"""A small made-up data set that uses every field, and ways to change its files for a test."""

import shutil
from pathlib import Path

SMALL = Path(__file__).parent / "small"


def copy(directory: Path) -> Path:
    """The small data set in ``directory``, free to be changed."""
    return Path(shutil.copytree(SMALL, directory / "set"))


def replace(directory: Path, file: str, old: str, new: str) -> None:
    """Put ``new`` for the one place in a file that says ``old``."""
    path = directory / file
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new))


def line_of(directory: Path, file: str, marker: str) -> int:
    """The number of the first line of a file that contains ``marker``."""
    lines = (directory / file).read_text().splitlines()
    return next(number for number, line in enumerate(lines, start=1) if marker in line)
