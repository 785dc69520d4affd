import re

from hypothesis import given
from hypothesis import strategies as st

from treatments.mechanism_map.text import Face, text_width, wrap

PLAIN, BOLD = Face("plain", 12, 15), Face("bold", 12, 15, bold=True)
letters = st.text("ilmW-/ γ中", max_size=60)


@given(letters, st.sampled_from([PLAIN, BOLD]), st.integers(40, 300))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text: str, face: Face, width: int):
    lines = wrap(text, face, width)
    assert lines
    assert all(text_width(line, face) <= width for line in lines)
    assert re.sub("[ -]", "", "".join(lines)) == re.sub("[ -]", "", text)


def test_words_break_at_their_hyphens_but_keep_short_ends():
    assert wrap("haematopoietic stem-cell", PLAIN, 145) == ("haematopoietic stem-", "cell")
    assert wrap("attack complex (C5b-9)", PLAIN, 130) == ("attack complex", "(C5b-9)")


def test_a_word_too_long_for_a_line_is_broken_with_a_hyphen():
    assert wrap("immunomodulatory", PLAIN, 80) == ("immunomo-", "dulatory")


def test_bold_is_wider_and_unknown_letters_count_as_wide():
    assert text_width("Interferon", BOLD) > text_width("Interferon", PLAIN)
    assert text_width("中", PLAIN) == PLAIN.size
