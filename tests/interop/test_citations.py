"""References for reference managers: read back with the parsers that others use, nothing is lost or made up."""

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import example, given, settings
from hypothesis import strategies as st

from treatments.interop.citations import Author, authors, bibtex, ris
from treatments.models import Reference
from treatments.models.choices import PublicationType, RetractionStatus


def reference(**fields):
    return Reference(
        **{
            "slug": "example-2024",
            "title": "A made-up study",
            "publication_type": PublicationType.COHORT,
            **fields,
        }
    )


FULL = {
    "authors": "Example AB, van der Sample C, Charles-Made J-P, Up D Jr, d'Invented É",
    "journal": "J Made-up Results",
    "year": 2024,
    "volume": "12",
    "issue": "Suppl 1",
    "pages": "S118-S157",
    "pmid": "12345678",
    "doi": "10.1000/made_up(24)1",
    "pmcid": "PMC1234567",
}


def read_ris(text):
    return rispy.loads(text, newline="\r\n")


def read_bibtex(text):
    """The entries as (type, key, fields), with LaTeX read back into text."""
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(keep_math_mode=False)])
    assert library.failed_blocks == []
    assert library.comments == []
    return [
        (entry.entry_type, entry.key, {field.key: field.value for field in entry.fields}) for entry in library.entries
    ]


# Authors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named", "complete"),
    [
        ("", [], True),
        ("Alexanderson H", [("Alexanderson", "H")], True),
        ("Aggarwal R, Reed AM, et al.", [("Aggarwal", "R"), ("Reed", "AM")], False),
        ("Aeschlimann et al.", [("Aeschlimann",)], False),
        ("De Santis, et al.", [("De Santis",)], False),
        ("van der Torre P, d'Ascanio A", [("van der Torre", "P"), ("d'Ascanio", "A")], True),
        ("Satirer Ö, Davis MDP", [("Satirer", "Ö"), ("Davis", "MDP")], True),
        ("Authier FJ Jr, Made J-P 3rd", [("Authier", "FJ", "Jr"), ("Made", "J-P", "3rd")], True),
        ("Octapharma USA Inc", [("Octapharma USA Inc",)], True),
        ("Aggarwal R, and the ProDERM investigators", [("Aggarwal", "R"), ("the ProDERM investigators",)], True),
        ("Benveniste O (coordinators)", [("Benveniste", "O")], True),
        ("Rauch L, et al. (first author taken from the repository submitter name)", [("Rauch", "L")], False),
        ("  Example A,\n Sample B ", [("Example", "A"), ("Sample", "B")], True),
    ],
)
def test_authors_are_read_as_pubmed_writes_them(text, named, complete):
    read = authors(reference(authors=text))
    assert list(read.named) == [Author(*parts) for parts in named]
    assert read.complete is complete


# RIS ------------------------------------------------------------------------------------------------------------------


def test_ris_holds_everything_that_is_recorded():
    text = ris([reference(**FULL)])
    assert text.startswith("TY  - JOUR\r\n")
    assert "ER  - \r\n" in text
    assert read_ris(text) == [
        {
            "type_of_reference": "JOUR",
            "id": "example-2024",
            "authors": ["Example, A. B.", "van der Sample, C.", "Charles-Made, J.-P.", "Up, D., Jr", "d'Invented, É."],
            "title": "A made-up study",
            "secondary_title": "J Made-up Results",
            "year": "2024",
            "volume": "12",
            "number": "Suppl 1",
            "start_page": "S118",
            "end_page": "S157",
            "doi": "10.1000/made_up(24)1",
            "name_of_database": "PubMed",
            "accession_number": "12345678",
            "custom2": "PMC1234567",
            "urls": ["https://doi.org/10.1000/made_up(24)1"],
        }
    ]


def test_ris_leaves_out_what_is_not_recorded():
    assert read_ris(ris([reference()])) == [
        {"type_of_reference": "GEN", "id": "example-2024", "title": "A made-up study"}
    ]


def test_a_line_of_a_title_is_never_taken_for_a_field():
    hostile = reference(title="First\r\nER  - \r\nTY  - JOUR\u2028AU  - Nobody, N", journal="J")
    (record,) = read_ris(ris([hostile]))
    assert record["title"] == "First ER - TY - JOUR AU - Nobody, N"
    assert "authors" not in record


# BibTeX ---------------------------------------------------------------------------------------------------------------


def test_bibtex_holds_everything_that_is_recorded():
    assert read_bibtex(bibtex([reference(**FULL)])) == [
        (
            "article",
            "example-2024",
            {
                "author": "Example, A. B. and van der Sample, C. and Charles-Made, J.-P. and Up, Jr, D."
                " and d'Invented, É.",
                "title": "A made-up study",
                "journal": "J Made-up Results",
                "year": "2024",
                "volume": "12",
                "number": "Suppl 1",
                "pages": "S118–S157",
                "doi": "10.1000/made_up(24)1",
                "pmid": "12345678",
                "pmcid": "PMC1234567",
                "url": "https://doi.org/10.1000/made_up(24)1",
            },
        )
    ]


def test_bibtex_leaves_out_what_is_not_recorded():
    assert read_bibtex(bibtex([reference()])) == [("misc", "example-2024", {"title": "A made-up study"})]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0.1% of IFN-β & TIF1γ", r"0.1{\%} of IFN-{\ensuremath{\beta}} {\&} TIF1{\ensuremath{\gamma}}"),
        ("a_b #1 $5 ~ ^ \\", r"a{\_}b {\#}1 {\$}5 {\textasciitilde} {\textasciicircum} {\textbackslash}"),
        ("Csörgő", r"Cs{\"o}rg{\H{o}}"),
        ("unmatched { brace", r"unmatched {\ensuremath{\lbrace}} brace"),
        ("PM--treatment", "PM{-}-treatment"),
        ("肌炎", "肌炎"),
    ],
)
def test_bibtex_writes_out_what_latex_would_take_for_a_command(text, written):
    assert f"title = {{{{{written}}}}}," in bibtex([reference(title=text)])


def test_identifiers_stay_letter_by_letter():
    text = bibtex([reference(doi="10.4103/idoj.idoj_280_20")])
    assert "doi = {10.4103/idoj.idoj_280_20}," in text
    assert "url = {https://doi.org/10.4103/idoj.idoj_280_20}," in text


def test_a_group_is_not_taken_apart():
    assert "author = {{Octapharma USA Inc}}," in bibtex([reference(authors="Octapharma USA Inc")])


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1))
@example("}, url = {https://elsewhere.example")
@example("@article{another, title = {x}}")
@example("\"} @comment{ ``quoted''")
def test_whatever_a_title_holds_it_stays_a_title(title):
    ((kind, key, fields),) = read_bibtex(bibtex([reference(title=title, authors="Example A", year=2024)]))
    assert (kind, key) == ("misc", "example-2024")
    assert fields.keys() <= {"author", "title", "year"}
    (record,) = read_ris(ris([reference(title=title, authors="Example A", year=2024)]))
    assert record.keys() <= {"type_of_reference", "id", "authors", "title", "year"}


# Both -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [RetractionStatus.RETRACTED, RetractionStatus.EXPRESSION_OF_CONCERN])
def test_a_retraction_is_not_kept_quiet(status):
    withdrawn = reference(retraction_status=status)
    assert read_ris(ris([withdrawn]))[0]["notes"] == [f"{status.label}."]
    assert read_bibtex(bibtex([withdrawn]))[0][2]["note"] == f"{status.label}."


def test_further_authors_are_spoken_of():
    listed = reference(authors="Example A, et al.")
    assert read_ris(ris([listed]))[0]["notes"] == ["Further authors are not recorded."]
    assert read_bibtex(bibtex([listed]))[0][2]["author"] == "Example, A. and others"


@pytest.mark.parametrize(
    ("fields", "ris_type", "bibtex_type"),
    [
        ({"journal": "J", "publication_type": PublicationType.COHORT}, "JOUR", "article"),
        ({"journal": "J", "publication_type": PublicationType.REGISTRY, "doi": "10.1000/1"}, "JOUR", "article"),
        ({"journal": "ClinicalTrials.gov", "publication_type": PublicationType.REGISTRY}, "GEN", "misc"),
        ({"journal": "DailyMed", "publication_type": PublicationType.LABEL}, "GEN", "misc"),
        ({"journal": "Reuters", "publication_type": PublicationType.NEWS_REPORT}, "NEWS", "misc"),
        ({"publication_type": PublicationType.COHORT}, "GEN", "misc"),
    ],
)
def test_only_what_a_journal_published_is_an_article(fields, ris_type, bibtex_type):
    assert read_ris(ris([reference(**fields)]))[0]["type_of_reference"] == ris_type
    assert read_bibtex(bibtex([reference(**fields)]))[0][0] == bibtex_type


def test_each_reference_once_in_the_order_given():
    first, second = reference(slug="b"), reference(slug="a")
    assert [record["id"] for record in read_ris(ris([first, second, first]))] == ["b", "a"]
    assert [key for _, key, _ in read_bibtex(bibtex([first, second, first]))] == ["b", "a"]
    assert ris([]) == bibtex([]) == ""


@pytest.mark.django_db
def test_every_reference_of_the_data_set_survives_both_formats():
    references = list(Reference.objects.all())
    assert len(references) > 300
    in_ris, in_bibtex = read_ris(ris(references)), read_bibtex(bibtex(references))
    assert [record["id"] for record in in_ris] == [key for _, key, _ in in_bibtex] == [row.slug for row in references]
    for row, record, (_, _, fields) in zip(references, in_ris, in_bibtex, strict=True):
        assert record["title"] == fields["title"] == " ".join(row.title.split())
        for name in ("doi", "pmid", "volume"):
            assert fields.get(name, "") == (getattr(row, name) or "")
        assert record.get("year") == fields.get("year") == (str(row.year) if row.year else None)
        wrote = authors(row)
        assert len(record.get("authors", [])) == len(wrote.named)
        assert [name.partition(", ")[0] for name in record.get("authors", [])] == [one.family for one in wrote.named]
        assert fields.get("author", "").count(" and ") == max(len(wrote.named) - wrote.complete, 0)
