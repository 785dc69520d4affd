"""The engine: Django's PostgreSQL backend, whose connections first see to it that the server runs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base as postgresql
from django.db.backends.postgresql.client import DatabaseClient as PostgresDatabaseClient
from django.db.utils import OperationalError

from knowledgebase.embedded.server import EmbeddedServer, ServerError


class DatabaseClient(PostgresDatabaseClient):
    """`manage.py dbshell`, with the psql that comes with the server."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        server = server_of(settings_dict)
        address = server.address()
        (_, *arguments), env = super().settings_to_cmd_args_env(
            {**settings_dict, "HOST": address["host"], "PORT": address["port"], "USER": address["user"]}, parameters
        )
        return [str(server.program("psql")), *arguments], env


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """A connection to the server in `DATA_DIR`, which is started first if it does not run."""

    display_name = "PostgreSQL (embedded)"
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        with server_errors_as_django_knows_them():
            return {**super().get_connection_params(), **server_of(self.settings_dict).address()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            server = server_of(self.settings_dict)
            if server.is_running():
                raise  # It answers: what it refused (a database that does not exist, too many connections) stands.
        # It ran when this process first used it, and has died since.
        with server_errors_as_django_knows_them():
            return super().get_new_connection({**conn_params, **server.start()})


def server_of(settings_dict: dict[str, Any]) -> EmbeddedServer:
    """The server that an entry of DATABASES means; all connections of a process share it."""
    data_dir = settings_dict.get("DATA_DIR")
    if not data_dir:
        raise ImproperlyConfigured("The engine knowledgebase.embedded needs DATA_DIR, the directory of its server.")
    for name in ("HOST", "PORT", "USER", "PASSWORD"):
        if settings_dict.get(name):
            raise ImproperlyConfigured(f"The engine knowledgebase.embedded runs its own server: {name} must be empty.")
    return EmbeddedServer.at(Path(data_dir))


@contextmanager
def server_errors_as_django_knows_them() -> Iterator[None]:
    try:
        yield
    except ServerError as problem:
        raise OperationalError(str(problem)) from problem
