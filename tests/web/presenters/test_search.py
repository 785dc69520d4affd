"""What a search found, as it is shown: marked where it was asked for, and never otherwise than it was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.search import MARK_END, MARK_START, Kind, Match, Role, Subject
from treatments.search.names import Closeness
from treatments.web.presenters.search import (
    Passage,
    excerpt,
    found_as,
    passages,
    plain,
    tabs,
    typed_marked,
    whole,
)


def mark(text: str) -> str:
    """``text`` with what stands between asterisks marked."""
    parts = text.split("*")
    return "".join(f"{MARK_START}{part}{MARK_END}" if number % 2 else part for number, part in enumerate(parts))


def test_a_text_is_taken_apart_at_its_marks():
    assert passages(mark("*Rash* and *itch*.")) == [
        Passage("Rash", True),
        Passage(" and "),
        Passage("itch", True),
        Passage("."),
    ]


def test_a_text_that_comes_back_changed_is_shown_as_it_was_written():
    written = "Improved in <b>3</b> of 7"
    assert whole(written, mark("*Improved* in 3 of 7")) == [Passage(written)]
    assert whole("Improved", mark("*Improved*")) == [Passage("Improved", True)]


def test_an_excerpt_says_where_it_was_cut_and_is_none_without_a_mark():
    text = "Seven patients had a rash. Three had none. All improved."
    assert plain(excerpt(text, mark("had a *rash*. Three"))) == "… had a rash. Three …"
    assert plain(excerpt(text, mark("Seven patients had a *rash*"))) == "Seven patients had a rash …"
    assert excerpt(text, "Seven patients had") == []
    assert excerpt(text, mark("eight had a *rash*")) == [], "not what was written"


@given(st.text(), st.text())
def test_no_text_is_lost_or_added_when_it_is_marked(label, typed):
    assert plain(typed_marked(label, typed)) == label
    assert plain(whole(label, typed)) == label


def test_what_was_typed_is_marked_whatever_its_case():
    assert typed_marked("Anti-MDA5", "mda") == [Passage("Anti-"), Passage("MDA", True), Passage("5")]


@pytest.mark.parametrize(
    ("role", "said"), [(Role.BRAND_NAME, "brand name Xeljanz"), (Role.GENE, "gene Xeljanz"), (Role.NAME, "")]
)
def test_a_record_says_by_which_of_its_names_it_was_found(role, said):
    subject = Subject(Kind.TREATMENT, 1, "Tofacitinib", "", "/treatments/tofacitinib/")
    assert found_as(Match(subject, "Xeljanz", role, Closeness.EXACT)) == said


def test_tabs_stand_in_a_fixed_order_and_hold_the_kind_asked_for_even_when_empty():
    shown = tabs({Kind.REFERENCE: 3, Kind.EVIDENCE: 2}, [Kind.TRIAL])
    assert [(tab.value, tab.count, tab.current) for tab in shown] == [
        ("", 5, False),
        ("evidence", 2, False),
        ("trial", 0, True),
        ("reference", 3, False),
    ]
