"""The migrations say what the models say."""

from django.core.management import call_command


def test_no_migration_is_missing(db):
    # Exits with a status of 1 when there is something to write.
    call_command("makemigrations", "--check", "--dry-run")
