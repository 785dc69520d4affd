"""What load balancers and containers ask."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


def test_liveness_needs_no_database(client: Client):
    # Without the `db` fixture, any query fails this test.
    assert client.get("/healthz").content == b"ok\n"


def test_ready_once_the_database_has_every_migration(client: Client, db):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\n")
    assert answer["Cache-Control"] == "no-store"


def test_not_ready_while_a_migration_is_missing(client: Client, db):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations are not applied\n")


@pytest.mark.django_db(transaction=True)
def test_not_ready_without_a_database_and_without_saying_where_it_is(client: Client):
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "elsewhere"
    try:
        answer = client.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert (answer.status_code, answer.content) == (503, b"database is not reachable\n")


def test_probes_come_by_address_and_without_tls(client: Client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["kb.example.org"]
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200
