"""A server for measuring: started as `make run` starts it, on a free port of this machine."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

START_SECONDS = 180


@contextmanager
def server() -> Iterator[int]:
    """A server as `make run` starts it; gives its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "knowledgebase.demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={key: value for key, value in os.environ.items() if key != "PORT"},
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        for line in process.stdout or ():
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                yield int(found[1])
                return
            if time.monotonic() > deadline:
                break
        sys.exit("The server did not start; try `make run`.")
    finally:
        process.terminate()
        process.wait(timeout=60)
