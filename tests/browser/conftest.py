"""A real Chromium for the journeys in this directory.

`page` is a fresh browser window; point it at `site` to read, at `live_server` to change things. It fails its test when
a page asked for anything that does not come from the site itself, threw a script error, or broke the content security
policy. Without a Chromium these tests are skipped, and the end of the run says so; where CI is set, they fail.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        missing = "no Chromium on this machine (on Debian: apt install chromium)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop running in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def outside_requests() -> list[str]:
    """Every address outside the site that `page` asked for. None is let through."""
    return []


@pytest.fixture
def mistakes() -> list[str]:
    """What went wrong in scripts of `page`, and what the content security policy refused."""
    return []


@pytest.fixture
def page(browser: Browser, outside_requests: list[str], mistakes: list[str]) -> Iterator[Page]:
    """A window of 1280 x 800 with no past; `page.set_viewport_size` and `page.emulate_media` change what it is."""

    def stay_here(route: Route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost"):
            route.continue_()
        else:
            outside_requests.append(route.request.url)
            route.abort()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            mistakes.append(message.text)

    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.route("**/*", stay_here)
    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    yield page
    context.close()
    assert outside_requests == [], "a page asked for something that is not served from here"
    assert mistakes == [], "a page's script failed, or broke the content security policy"


@pytest.fixture
def assert_accessible(page: Page, mistakes: list[str]) -> Callable[[], None]:
    """A function that fails when axe-core finds anything against WCAG 2.2 AA on what `page` shows now."""

    def check() -> None:
        before = len(mistakes)
        found = Axe().run(page, options=WCAG)
        del mistakes[before:]  # axe copies elements, and the policy refuses the styles that scripts gave them
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check
