"""What `make run` does once everything is installed: a filled knowledge base, served on this machine only.

`PORT` and `KNOWLEDGEBASE_DATA_DIR` choose where. Every step can be repeated and does only what is still to be done.
"""

import os
import socket
import sys

DEFAULT_PORT = 8000
PORTS_TRIED = 100


def main() -> None:
    # Taken now and handed on to the server, so that nothing else can take it while the data are loaded.
    listening = listen(os.environ.get("PORT", ""))
    port = listening.getsockname()[1]
    os.environ["KNOWLEDGEBASE_SITE_URL"] = f"http://127.0.0.1:{port}"
    prepare()
    os.set_inheritable(listening.fileno(), True)
    sys.stdout.flush()
    os.execv(
        sys.executable,
        [
            *(sys.executable, "-m", "gunicorn", "--config", "python:knowledgebase.serving"),
            *("--bind", f"fd://{listening.fileno()}", "knowledgebase.wsgi"),
        ],
    )


def listen(wanted: str) -> socket.socket:
    """A socket listening on the port asked for; with none asked for, on the first free one from the default on.

    Ends the program with one sentence when that cannot be had.
    """
    if wanted:
        if not wanted.isascii() or not wanted.isdigit() or not 0 < int(wanted) < 65536:
            sys.exit(f"PORT is {wanted!r}; it must be a number from 1 to 65535.")
        if found := try_to_listen(int(wanted)):
            return found
        sys.exit(f"Port {wanted} cannot be used here: something else has it, or it needs privileges. Try another PORT.")
    for port in range(DEFAULT_PORT, DEFAULT_PORT + PORTS_TRIED):
        if found := try_to_listen(port):
            if port != DEFAULT_PORT:
                say(f"Port {DEFAULT_PORT} is taken, using {port}.")
            return found
    sys.exit(f"No port from {DEFAULT_PORT} to {DEFAULT_PORT + PORTS_TRIED - 1} is free; choose one with PORT=.")


def try_to_listen(port: int) -> socket.socket | None:
    attempt = socket.socket()
    attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        attempt.bind(("127.0.0.1", port))
        attempt.listen()
    except OSError:
        attempt.close()
        return None
    return attempt


def prepare() -> None:
    """Database, tables, data and demo sign-ins, each said in a sentence before it takes its time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledgebase.settings")
    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connection

    try:
        django.setup()
        if settings.PRODUCTION:
            sys.exit("`make run` is for looking and developing; docs/operations.md says how to run in production.")
        say("Starting the database …")
        connection.ensure_connection()
        say("Bringing its tables up to date …")
        call_command("migrate", verbosity=0)
        say("Loading the data set …")
        call_command("load_dataset")
        call_command("create_demo_users")
    except (CommandError, DatabaseError, ImproperlyConfigured) as problem:
        sys.exit(f"Not started: {problem}")


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
