"""The key that signs sessions on a development machine: made at random, once per data directory."""

import os
import secrets
from pathlib import Path

# Django's own `check --deploy` asks for this many.
MINIMUM_LENGTH = 50


def development_secret_key(data_dir: Path) -> str:
    """The key kept in `data_dir`, made first if there is none. Production must bring its own.

    Several processes may start at once: whoever links the file first wins, and the others read that one.
    """
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f".secret-key-{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(MINIMUM_LENGTH) + "\n")
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
