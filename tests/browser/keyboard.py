"""Going about a page with the keyboard alone."""

from playwright.sync_api import Page

# Of what has the focus; a button made by an input has its name as its value.
NAME = """(({textContent, type, value}) =>
    (textContent.trim() || (type === "submit" && value) || "").replace(/\\s+/g, " "))(document.activeElement)"""


def press_until(page: Page, name: str, limit: int = 120) -> None:
    """Tab forwards until the link or control called ``name`` has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate(NAME).startswith(name):
            return
    raise AssertionError(f"{name!r} cannot be reached with the keyboard")
