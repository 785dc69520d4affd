"""Citation files, well made and not: .nbib, .ris, .bib."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.literature.stand_in import Paper
from treatments.interop import citations
from treatments.literature import files
from treatments.literature.pasted import TooMuchError, identifiers_in
from treatments.models import Reference

NBIB = (
    Paper(
        "99999901", "Exampletinib in TIF1γ-positive made-up disease", doi="10.1000/one", pmcid="PMC99999901"
    ).medline()
    + "\n"
    + Paper("99999902", "[Samplimab, translated]", types=("Case Reports", "Retracted Publication")).medline()
)
RIS = """TY  - JOUR
AU  - Example, Ann B.
AU  - Made-up Study Group
TI  - Exampletinib in made-up disease
T2  - Journal of Made-up Results
JA  - J Made Up Results
PY  - 2026/11/05
VL  - 12
IS  - 3
SP  - 1
EP  - 9
DO  - https://doi.org/10.1000/one
AN  - 99999901
DB  - PubMed
C2  - PMC99999901
AB  - Nothing happened.
ER  -

TY  - JOUR
T1  - RETRACTED: Samplimab
N1  - PMID: 99999902
ER  -
"""
BIB = r"""
@article{example2026,
  author = {Example, Ann B. and M{\"u}ller, J{\"o}rg and {Made-up Study Group} and others},
  title = {{Exampletinib in 50% of anti-{MDA5} made-up disease}},
  journal = "J Made Up Results", year = 2026, volume = 12, pages = {1--9},
  doi = {10.1000/one\_two}, pmid = {99999901}
}
@article{broken, title = {Never closed
"""


def values(name, content, number=0):
    return files.read(name, content if isinstance(content, bytes) else content.encode()).records[number].values


def test_medline():
    first, second = values("x.nbib", NBIB), values("x.nbib", NBIB, 1)
    assert first["title"] == "Exampletinib in TIF1γ-positive made-up disease"
    assert (first["pmid"], first["doi"], first["pmcid"]) == ("99999901", "10.1000/one", "PMC99999901")
    assert second["title"] == "Samplimab, translated"
    assert (second["publication_type"], second["retraction_status"]) == ("case_report", "retracted")
    crowded = NBIB.replace("\n\n", "\n").replace("\n", "\r\n")
    assert [one.values["pmid"] for one in files.read("x.nbib", crowded.encode()).records] == ["99999901", "99999902"]


def test_ris():
    assert values("x.ris", RIS) == {
        "title": "Exampletinib in made-up disease",
        "authors": "Example AB, Made-up Study Group",
        "journal": "J Made Up Results",
        "year": 2026,
        "volume": "12",
        "issue": "3",
        "pages": "1-9",
        "pmid": "99999901",
        "doi": "10.1000/one",
        "pmcid": "PMC99999901",
        "retraction_status": "none_recorded",
    }
    second = values("x.ris", RIS, 1)
    assert (second["title"], second["pmid"], second["retraction_status"]) == ("Samplimab", "99999902", "retracted")


def test_bibtex_and_what_in_it_is_broken():
    contents = files.read("x.bib", BIB.encode())
    [record] = contents.records
    assert record.values["title"] == "Exampletinib in 50% of anti-MDA5 made-up disease"
    assert record.values["authors"] == "Example AB, Müller J, Made-up Study Group, et al."
    assert (record.values["pages"], record.values["doi"]) == ("1-9", "10.1000/one_two")
    assert "cannot be read" in contents.problems[0]


def test_a_file_that_breaks_off_says_so():
    contents = files.read("x.ris", RIS[: RIS.rindex("ER")].encode())
    assert len(contents.records) == 1
    assert "without its end" in contents.problems[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding):
    assert values("x.ris", RIS.replace("Example, Ann", "Müller, Ann").encode(encoding))["authors"].startswith(
        "Müller AB"
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.pdf", b"%PDF-1.7", "is no .nbib, .ris or .bib file"),
        ("x.nbib", b"", "has no record with a title"),
        ("x.ris", b"TY  - JOUR\nER  - \n", "has no record with a title"),
        ("x.bib", b"@" * files.LARGEST_FILE + b"@", "is larger than 5 MB"),
    ],
)
def test_files_that_are_none(name, content, sentence):
    with pytest.raises(files.FileError, match=sentence):
        files.read(name, content)


def test_a_file_by_another_name_is_known_by_what_is_in_it():
    assert values("pubmed-set.txt", NBIB)["pmid"] == "99999901"


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "write"), [("x.ris", citations.ris), ("x.bib", citations.bibtex)])
def test_what_we_export_comes_back(name, write):
    references = list(Reference.objects.exclude(pmid=None).order_by("slug"))
    records = files.read(name, write(references).encode()).records
    assert len(records) == len(references) > 100
    for reference, record in zip(references, records, strict=True):
        for field in ("pmid", "doi", "pmcid", "year"):
            assert (record.values.get(field) or None) == getattr(reference, field), reference.slug


# What nobody would write by hand


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.txt", "\n" * 1_000_000),
        ("x.ris", f"TY  - JOUR\nTI  - Made up\nN1  - {'pubmed' * 100_000}\nER  - \n"),
        ("x.nbib", f"PMID- 1\nTI  - Made up\nLID - {'10.1234/' * 100_000}\n"),
    ],
)
def test_a_hostile_file_is_read_as_fast_as_any_other(name, content):
    """Where the reading of a text goes back on itself, these take hours."""
    start = time.process_time()
    with contextlib.suppress(files.FileError):
        files.read(name, content.encode())
    assert time.process_time() - start < 10


@pytest.mark.parametrize("text", ["," * 50_000, "http://" + "pubmed" * 8_000, "http://" + "pubmed/" * 7_000])
def test_a_hostile_text_is_read_as_fast_as_any_other(text):
    start = time.process_time()
    identifiers_in(text[:50_000])
    assert time.process_time() - start < 5


LINES = [line for text in (NBIB, RIS, BIB) for line in text.splitlines(keepends=True)]
ODD = ["PMID- \n", "      \n", "ER  - \n", "TY  - \n", "@article{x,\n", "}", "{", "\x00", "\\", "author = {,,,,}", "\r"]
PIECES = st.sampled_from([*LINES, *ODD])
DAMAGED = st.one_of(
    st.binary(max_size=200),
    st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=15).map(
        lambda parts: "".join(parts).encode("utf-8", "ignore")
    ),
)


@settings(max_examples=40)
@given(ending=st.sampled_from(files.ENDINGS), content=DAMAGED)
def test_damaged_files_are_read_or_refused_in_words(ending, content):
    try:
        records = files.read(f"x{ending}", content).records
    except files.FileError:
        return
    for record in records:
        assert record.title
        assert "\x00" not in "".join(map(str, record.values.values())) + record.abstract


@given(text=st.text(max_size=300))
def test_whatever_is_pasted_is_taken_apart(text):
    for one in identifiers_in(text):
        assert one.written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PMID: 99999901, 99999902;99999903", ["99999901", "99999902", "99999903"]),
        ("1. 99999901\n2. 99999902", ["99999901", "99999902"]),
        ("10.1000/ex.1,10.1000/ex.2", ["10.1000/ex.1", "10.1000/ex.2"]),
        ("doi:10.1000/EX(12)3:4<5::AID-X>3.0.CO;2-6", ["10.1000/EX(12)3:4<5::AID-X>3.0.CO;2-6"]),
        ("https://doi.org/10.1000%2Fabc", ["10.1000/abc"]),
        ("https://pubmed.ncbi.nlm.nih.gov/99999901/?utm=1", ["99999901"]),
        ("https://onlinelibrary.example/doi/full/10.1000/abc.1?x=y", ["10.1000/abc.1"]),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC99999901/ pmc99999902", ["PMC99999901", "PMC99999902"]),
        ("nct99000001 https://clinicaltrials.gov/study/NCT99000002?tab=x", ["NCT99000001", "NCT99000002"]),
        ("Example A, et al. A made-up title. doi: 10.1000/ABC. 10.1000/abc", ["10.1000/ABC"]),
    ],
)
def test_identifiers_as_people_paste_them(text, expected):
    assert [one.value for one in identifiers_in(text) if one.kind] == expected


def test_too_much_at_once():
    with pytest.raises(TooMuchError, match="more than 200"):
        identifiers_in(" ".join(str(99_000_000 + number) for number in range(201)))
    with pytest.raises(TooMuchError, match="50,000"):
        identifiers_in("x" * 50_001)
