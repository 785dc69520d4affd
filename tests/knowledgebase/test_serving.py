"""The server as `make run` and the container start it, asked over a real connection."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server with a data directory of its own, and nothing in its database."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and not k.startswith("KNOWLEDGEBASE_")}
        data = str(tmp_path_factory.mktemp("serving"))
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "python:knowledgebase.serving"),
                *("--bind", f"fd://{listening.fileno()}", "--workers", "1", "knowledgebase.wsgi"),
            ],
            cwd=CHECKOUT,
            env={**kept, "KNOWLEDGEBASE_DATA_DIR": data},
            pass_fds=[listening.fileno()],
            stdout=subprocess.DEVNULL,
        )
        try:
            yield listening.getsockname()[1]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


def ask(port: int, path: str) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.getheader("Content-Type", ""), answer.read()
    connection.close()
    return found


def test_ten_thousand_characters_are_answered_by_the_site_and_not_cut_off_by_the_server(port: int):
    status, kind, body = ask(port, f"/api/v1/evidence/?search={'a' * 10_000}")
    assert (status, kind) == (400, "application/problem+json")
    assert json.loads(body)["errors"][0]["parameter"] == "search"
