"""Text is laid out to fit, and the colours are those of the site."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from treatments.charts.look import DARK, LIGHT, Theme, text_width, wrap

TOKENS = {
    "surface": "surface",
    "ink": "ink",
    "ink_soft": "ink-soft",
    "rule": "rule",
    "rule_strong": "rule-strong",
    "accent": "accent",
    "second": "no-benefit",
    "level": "level-bar",
}


@pytest.mark.parametrize(("theme", "which"), [(LIGHT, 0), (DARK, 1)], ids=["light", "dark"])
def test_the_colours_are_the_tokens_of_the_stylesheet(theme: Theme, which: int):
    sheet = (Path(settings.BASE_DIR) / "static" / "css" / "site.css").read_text()
    tokens = {
        name: pair[which] for name, *pair in re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)", sheet)
    }
    used = {name: colour for name, colour in asdict(theme).items() if name != "name"}
    assert used == {name: tokens[token] for name, token in TOKENS.items()}


@given(st.text(max_size=200), st.integers(60, 400))
def test_no_line_is_wider_than_its_column(text: str, width: int):
    for line in wrap(text, width):
        assert text_width(line, 13) <= width


@given(st.text(st.characters(categories=("L", "N")), max_size=40).map(str.split))
def test_nothing_is_left_out_where_there_is_room(words: list[str]):
    assert "".join(wrap(" ".join(words), 300, most=99)).replace(" ", "") == "".join(words)


def test_what_needs_more_lines_than_there_are_ends_in_an_ellipsis():
    lines = wrap("made-up words " * 40, 120, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
