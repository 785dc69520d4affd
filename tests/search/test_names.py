"""Names, identifiers and questions as they are typed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatments.search.folding import fold, key
from treatments.search.identifiers import identified, readings
from treatments.search.naming import read_names
from treatments.search.spelling import known_words, nearest_word
from treatments.search.texts import Part, read

pytestmark = pytest.mark.django_db


def test_every_name_of_the_data_set_finds_its_record_however_it_is_spaced_and_written():
    names = read_names()
    given_names = [(names.subject(number), text) for number, text, _, _, _ in names.names]
    for change in (str, str.upper, lambda text: re.sub(r"[\s/-]+", " ", text)):
        folded = fold([change(text) for _, text in given_names])
        for (subject, text), typed in zip(given_names, folded, strict=True):
            assert subject.pk in {match.subject.pk for match in names.exactly(typed)}, text


def test_letters_meet_however_they_are_written():
    assert {key(text) for text in fold(["TIF1γ", "tif1 gamma", "TIF1-Γ", "Tif1Gamma"])} == {"tif1gamma"}
    assert fold(["Dankó", "Csörgő", "Sørensen", "Łukasz", "Weiß", "PM/Scl"]) == [
        *("danko", "csorgo", "sorensen", "lukasz", "weiss", "pm scl")
    ]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("36198179", ("pmid", "36198179")),
        ("PMID: 36198179", ("pmid", "36198179")),
        ("pmid 36198179.", ("pmid", "36198179")),
        ("https://pubmed.ncbi.nlm.nih.gov/36198179/", ("pmid", "36198179")),
        ("https://doi.org/10.1002/art.43066", ("doi", "10.1002/art.43066")),
        ("doi:10.1002/ART.43066", ("doi", "10.1002/art.43066")),
        ("https://doi.org/10.1002%2Fart.43066", ("doi", "10.1002/art.43066")),
        ("PMC12123255", ("pmcid", "pmc12123255")),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC12123255/", ("pmcid", "pmc12123255")),
        ("nct02728752", ("nct_id", "nct02728752")),
        ("https://clinicaltrials.gov/study/NCT02728752", ("nct_id", "nct02728752")),
        ("RxNorm 1234", ("rxnorm_cui", "1234")),
        ("HP:0003761", ("hpo_id", "hp:0003761")),
        ("L04AX03", ("atc_code", "l04ax03")),
    ],
)
def test_identifiers_are_read_as_people_paste_them(text, reading):
    assert reading in readings(text.rstrip("."))


def test_an_identifier_that_fits_several_records_names_none():
    names = read_names()
    names.identified["atc_code", "l04ax03"] *= 2
    names.identified["atc_code", "l04ax03"][1] = (*names.identified["atc_code", "l04ax03"][1][:3], "/elsewhere/", True)
    assert identified("L04AX03", names) is None


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60))
def test_whatever_is_typed_can_be_read(text):
    for parts in read(text).alternatives:
        assert not all(part.negated for part in parts)


def test_what_must_not_be_found_is_kept_apart():
    assert read("calcinosis -itch").alternatives == [[Part("'calcinosi'"), Part("'itch'", negated=True)]]


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("tofacitinib itch", [["'tofacitinib'", "'itch'"]]),
        ("rituximab or itch rash", [["'rituximab'"], ["'itch'", "'rash'"]]),
        ('"skin disease" o\'hara', [["'skin' <-> 'diseas'", "'o' <-> 'hara'"]]),
        ("-itch", []),
        ("the of", []),
        ('it -"skin disease"', []),
    ],
)
def test_what_a_question_asks_for(text, alternatives):
    found = read(text).alternatives
    assert [[part.query for part in parts] for parts in found] == alternatives


@pytest.mark.parametrize("word", ["tofacitinb", "etanercpt", "calcinossis"])
def test_one_letter_of_a_name_is_certain(word):
    found = nearest_word(word, known_words(read_names()))
    assert found
    assert found.certain


@pytest.mark.parametrize("word", ["pl13", "mda4x", "ofacitinib", "gout", "itc"])
def test_digits_first_letters_and_short_words_are_never_put_right(word):
    assert nearest_word(word, known_words(read_names())) is None
