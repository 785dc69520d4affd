"""Asking the API for things."""

from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from django.test import Client


class Get(Protocol):
    def __call__(self, path: str, status: int = 200) -> dict[str, Any]: ...


@pytest.fixture
def get(db: None, client: Client) -> Get:
    """Fetches an address of the API, relative or whole, and checks its status and type."""

    def fetch(path: str, status: int = 200) -> dict[str, Any]:
        parts = urlsplit(path)
        address = parts.path if parts.path.startswith("/") else f"/api/v1/{parts.path}"
        response = client.get(f"{address}?{parts.query}" if parts.query else address)
        assert response.status_code == status, response.content[:1000]
        problem = "application/problem+json"
        assert response["Content-Type"] == ("application/json" if status == 200 else problem)
        return response.json()

    return fetch


@pytest.fixture
def every(get: Get) -> Any:
    """All rows of a list, page by page."""

    def walk(path: str) -> Iterator[dict[str, Any]]:
        following: str | None = path
        while following:
            page = get(following)
            yield from page["results"]
            following = page["next"]

    return lambda path: list(walk(path))
