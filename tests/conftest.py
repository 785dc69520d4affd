"""What every test can rely on.

The database holds the real data set. It is built once per run (migrate, then `load_dataset`) as a template, and every
xdist worker works in a copy of it, which PostgreSQL makes in a fraction of a second. So:

* a test that asks for `db` sees the whole published data set and changes what it likes: its transaction is rolled back;
* a test that needs real commits (`transactional_db`, `django_db(transaction=True)`, `live_server`) may commit: its
  worker's database is copied anew afterwards, in place of Django's emptying of every table;
* a test that only reads, through a real server, asks for `site`. The database refuses every write meanwhile, which also
  proves that reading pages writes nothing.

Tests build what they need beyond the data set with plain functions, not fixtures. Names of databases carry the process
id of the run, so runs side by side on one server never meet; what a killed run left is dropped by the next one.
`DATABASE_URL` moves all of this to another PostgreSQL; its user must be allowed to create databases.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psutil
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import TransactionTestCase, override_settings
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile(
    "knowledgebase", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("knowledgebase")

# Workers are started by the run they belong to, and inherit its id from it.
RUN = os.environ.setdefault("KNOWLEDGEBASE_TEST_RUN", str(os.getpid()))
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
PREFIX = "test_knowledgebase_"
TEMPLATE = f"{PREFIX}{RUN}"
DATABASE = f"{TEMPLATE}_{WORKER or 'alone'}"


@pytest.fixture(scope="session", autouse=True)
def nothing_is_kept() -> Iterator[None]:
    """Answers are made anew for every request.

    They are kept per revision of the data set, and a test's transaction, rolled back in the end, is one revision
    whatever it changes on the way.
    """
    nothing = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    with override_settings(CACHES={"default": nothing, "answers": nothing}):
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """A copy of the filled template, for this worker alone. Takes the place of pytest-django's fixture of this name."""
    shared = tmp_path_factory.getbasetemp()
    if WORKER:
        shared = shared.parent
    workers = shared / "workers-with-a-database"
    ordinary = settings.DATABASES["default"]["NAME"]

    with django_db_blocker.unblock():
        with one_at_a_time(shared):
            workers.mkdir(exist_ok=True)
            if not any(workers.iterdir()):
                drop_databases_of_dead_runs()
                build_template()
            (workers / DATABASE).touch()
            copy_template()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: copy_template())
            # Blocked again while tests run, but for those that ask.
            django_db_blocker.block()
            yield
            django_db_blocker.restore()
        use_database(ordinary)
        with one_at_a_time(shared):
            drop_database(DATABASE)
            (workers / DATABASE).unlink()
            if not any(workers.iterdir()):
                drop_database(TEMPLATE)


def build_template() -> None:
    """The tables, and in them the data set that ships with the code."""
    drop_database(TEMPLATE)
    run_outside_databases(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
    use_database(TEMPLATE)
    call_command("migrate", verbosity=0)
    call_command("load_dataset", verbosity=0)


def copy_template() -> None:
    """This worker's database as it was at the start, whatever tests have committed to it since."""
    use_database(DATABASE)
    drop_database(DATABASE)
    run_outside_databases(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}")


def drop_databases_of_dead_runs() -> None:
    """Whose process ids name no process. Elsewhere than on the embedded server, runs may be on other machines."""
    if settings.DATABASES["default"]["ENGINE"] != "knowledgebase.embedded":
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        run = name.removeprefix(PREFIX).partition("_")[0]
        if not (run.isdigit() and psutil.pid_exists(int(run))):
            drop_database(name)


def drop_database(name: str) -> None:
    run_outside_databases(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def run_outside_databases(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def use_database(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextmanager
def one_at_a_time(directory: Path) -> Iterator[None]:
    """Workers of this run wait here for each other."""
    with (directory / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def _reading_server(django_db_setup: None) -> Iterator[LiveServer]:
    server = LiveServer("127.0.0.1")
    yield server
    server.stop()


@pytest.fixture
def site(_reading_server: LiveServer, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of a running site with the real data, for tests that read. Writing fails: ask `live_server` for that.

    The test itself may query the database too, under the same rule.
    """
    options = connection.settings_dict["OPTIONS"]
    before = options.get("options", "")
    connections.close_all()
    options["options"] = f"{before} -c default_transaction_read_only=on".strip()
    with django_db_blocker.unblock():
        yield _reading_server.url
    connections.close_all()
    options["options"] = before
