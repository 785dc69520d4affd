"""Filling in the admin's pages as a browser would: what the page shows is sent back, but for what a person changes."""

from html.parser import HTMLParser
from typing import Any


class _Page(HTMLParser):
    """The fields of the main form of a page, with what they hold, and the buttons that are offered."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, list[str]] = {}
        self.buttons: list[str] = []
        self._form = ""
        self._select = self._area = None
        self._chosen: list[str] = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = given.get("id") or given.get("action") or ""
        if tag == "button" and given.get("type") == "submit":
            self.buttons.append(self._form)
        if not self._form.endswith("_form"):
            return
        name = given.get("name")
        if tag == "input" and name:
            kind = given.get("type", "text")
            if kind == "submit":
                self.buttons.append(name)
            elif kind not in ("checkbox", "radio") or "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value") or "")
        elif tag == "select":
            self._select, self._chosen = name, []
        elif tag == "option" and self._select and "selected" in given:
            self._chosen.append(given.get("value") or "")
        elif tag == "textarea":
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "select" and self._select:
            self.fields[self._select] = self._chosen or [""]
            self._select = None
        elif tag == "textarea" and self._area:
            # Browsers drop the one line break that follows the tag.
            self.fields[self._area] = [self._text.removeprefix("\r\n").removeprefix("\n")]
            self._area = None


def fields_of(response: Any) -> dict[str, Any]:
    """What the page's form would send if nothing was changed; where it asks for a reason, with one."""
    page = _Page()
    page.feed(response.content.decode())
    shown = {name: values[0] if len(values) == 1 else values for name, values in page.fields.items()}
    return shown | ({"reason": "A made-up reason."} if shown.get("reason") == "" else {})


def buttons_of(response: Any) -> set[str]:
    """The names of the buttons of the form, and the addresses that other buttons lead to."""
    page = _Page()
    page.feed(response.content.decode())
    return set(page.buttons)


def steps_of(response: Any) -> set[str]:
    """The steps of the workflow that the page offers."""
    steps = {address.rstrip("/").rsplit("/", 1)[-1] for address in buttons_of(response) if "/step/" in address}
    return steps | ({"submit"} if "_submit_for_review" in buttons_of(response) else set())
