"""The two addresses that load balancers and containers ask: `/healthz` and `/readyz`.

They are answered by a middleware, before anything looks at the host name, the scheme or a cookie: probes come by IP
address and without TLS.
"""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse


class HealthMiddleware:
    """Answers `/healthz` (the process serves) and `/readyz` (the database answers and has every migration)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return answer("ok")
        if request.path == "/readyz":
            return self.readiness()
        return self.get_response(request)

    def readiness(self) -> HttpResponse:
        """200 `ready`, or 503 with what is missing. Never says where the database is: anyone may ask."""
        try:
            # A plain query first: it is all that a process that has been ready once needs.
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self.migrated:
                executor = MigrationExecutor(connection)
                if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                    return answer("migrations are not applied", status=503)
                self.migrated = True
        except DatabaseError:
            return answer("database is not reachable", status=503)
        return answer("ready")


def answer(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(
        f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
