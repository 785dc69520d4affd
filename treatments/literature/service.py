"""How the services of others are asked: patiently, not too often, saying who asks, and never for ever.

One session for all of them. It tries again, waiting longer each time, when a service is busy or failing, and waits as
long as a service asks to (Retry-After), up to a limit.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from django.core.checks import Info, register
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

logger = logging.getLogger(__name__)

BUSY = (429, 500, 502, 503, 504)
LARGEST_ANSWER = 50 * 1024 * 1024
PIECE = 64 * 1024


class ServiceError(Exception):
    """A service that did not give what was asked for; the message is one sentence for the person who waits for it."""


class _Pace:
    """Lets so many requests a second begin, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, a_second: float) -> None:
        with self._lock:
            now = time.monotonic()
            begin = max(now, self._next)
            self._next = begin + 1 / a_second
        time.sleep(begin - now)


@dataclass(frozen=True)
class Service:
    """One service: what it is called, where it is, how many requests a second it allows."""

    name: str
    url: str
    a_second: float

    def get(self, path: str, query: Mapping[str, Any]) -> str | None:
        """The text of an answer; ``None`` where the service knows no such thing (404)."""
        return self._ask("GET", path, params=dict(query))

    def post(self, path: str, form: Mapping[str, Any]) -> str | None:
        """The same for long questions, and for those with a key in them, which has no place in an address."""
        return self._ask("POST", path, data=dict(form))

    def object_in(self, text: str | None) -> dict[str, Any]:
        """An answer read as a JSON object."""
        try:
            answer = json.loads(text or "")
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise ServiceError(f"{self.name} gave an answer that cannot be read.")
        return answer

    def _ask(self, method: str, path: str, **content: Any) -> str | None:
        _pace(self.url).wait(self.a_second)
        try:
            with _session().request(
                method,
                f"{self.url}{path}",
                timeout=(settings.LITERATURE_CONNECT_TIMEOUT, settings.LITERATURE_READ_TIMEOUT),
                headers={"User-Agent": _who_asks()},
                stream=True,
                **content,
            ) as answer:
                if answer.status_code == requests.codes.not_found:
                    return None
                if answer.status_code == requests.codes.too_many_requests:
                    raise ServiceError(f"{self.name} is asked too often at the moment.")
                if not answer.ok:
                    raise ServiceError(f"{self.name} answered with an error ({answer.status_code}).")
                return self._read(answer)
        except requests.exceptions.Timeout as problem:
            logger.warning("%s: %s", self.name, type(problem).__name__)
            raise ServiceError(f"{self.name} did not answer in time.") from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as problem:
            logger.warning("%s: %s", self.name, type(problem).__name__)
            raise ServiceError(f"The answer of {self.name} broke off.") from None
        except requests.exceptions.RequestException as problem:
            # Only its kind: the message has the address asked for.
            late = isinstance(_reason(problem), ReadTimeoutError)
            logger.warning("%s: %s", self.name, "no answer in time" if late else type(problem).__name__)
            raise ServiceError(f"{self.name} {'did not answer in time' if late else 'cannot be reached'}.") from None

    def _read(self, answer: requests.Response) -> str:
        """All of it, unless it is too large, or comes so slowly that nobody would wait for it."""
        until = time.monotonic() + settings.LITERATURE_READ_TIMEOUT
        content = bytearray()
        for piece in answer.iter_content(PIECE):
            content += piece
            if len(content) > LARGEST_ANSWER:
                raise ServiceError(f"The answer of {self.name} is too large.")
            if time.monotonic() > until:
                raise ServiceError(f"{self.name} did not answer in time.")
        return content.decode("utf-8", "replace")


@register("security", deploy=True)
def services_know_whom_to_write_to(**kwargs: Any) -> list[Info]:
    """NCBI and Crossref ask for an address, and turn away programs that cause trouble without one."""
    if settings.LITERATURE_EMAIL:
        return []
    hint = "Set KNOWLEDGEBASE_LITERATURE_EMAIL; docs/operations.md says what for."
    return [Info("No mail address is set for PubMed and Crossref to write to.", hint=hint, id="knowledgebase.I002")]


def batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """``items`` in their order, so many at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))


def identification() -> dict[str, str]:
    """The contact that a service may write to, as far as one is set."""
    return {"email": settings.LITERATURE_EMAIL} if settings.LITERATURE_EMAIL else {}


def _who_asks() -> str:
    contact = f"; mailto:{settings.LITERATURE_EMAIL}" if settings.LITERATURE_EMAIL else ""
    return f"{settings.LITERATURE_TOOL}/1.0 ({settings.SITE_URL}{contact})"


def _reason(problem: requests.exceptions.RequestException) -> Any:
    """Why the last of several attempts failed."""
    return getattr(problem.args[0], "reason", None) if problem.args else None


_sessions = threading.local()
_paces: dict[str, _Pace] = {}


def _pace(url: str) -> _Pace:
    return _paces.setdefault(url, _Pace())


def _session() -> requests.Session:
    """This thread's session: its connections are kept open and used again."""
    patience = (settings.LITERATURE_RETRIES, settings.LITERATURE_BACKOFF, settings.LITERATURE_LONGEST_WAIT)
    if getattr(_sessions, "patience", None) != patience:
        total, backoff, longest = patience
        retry = Retry(
            total=total,
            backoff_factor=backoff,
            backoff_max=longest,
            status_forcelist=BUSY,
            allowed_methods={"GET", "POST"},  # each of ours only asks
            respect_retry_after_header=True,
            retry_after_max=longest,
            raise_on_status=False,
        )
        session = requests.Session()
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        _sessions.patience, _sessions.session = patience, session
    kept: requests.Session = _sessions.session
    return kept
