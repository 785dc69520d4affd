"""A database with nothing in it, for data sets that stand alone."""

from collections.abc import Iterator

import pytest
from django.db import connection

from treatments.dataset.schema import MANIFEST, TABLES
from treatments.models import DatasetRevision, ReleaseFile, ReleaseSnapshot


@pytest.fixture
def empty(db: None) -> Iterator[None]:
    """The database without the real data set; it is back when the test's transaction is rolled back."""
    # Sequences of accessions are not: a transaction that is rolled back does not give its numbers back.
    sequences = [table.model.accession_sequence() for table in TABLES if table.is_claim]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE sequencename = ANY(%s)", [sequences])
        last = cursor.fetchall()
    models = [
        DatasetRevision,
        ReleaseSnapshot,
        ReleaseFile,
        *(model for table in (MANIFEST, *TABLES) for model in table.models()),
    ]
    tables = [connection.ops.quote_name(model._meta.db_table) for model in models]
    with connection.cursor() as cursor:
        # The tables are the test user's own, who may do without their triggers for a moment.
        cursor.execute("; ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("; ".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables))
    yield
    with connection.cursor() as cursor:
        for sequence, number in last:
            cursor.execute("SELECT setval(%s, coalesce(%s, 1), %s)", [sequence, number, number is not None])
