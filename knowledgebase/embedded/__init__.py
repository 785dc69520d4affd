"""A Django database engine that brings its own PostgreSQL: the real database with nothing to set up.

`ENGINE = "knowledgebase.embedded"` with a `DATA_DIR` starts a server there at the first connection and stops it when
the last process using it ends. Nothing of this package is imported when `DATABASE_URL` is set.
"""
