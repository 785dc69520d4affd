"""References as RIS and BibTeX, for reference managers and LaTeX.

Nothing is made up: a field that was not recorded is left out, and where more authors exist than were recorded the
citation says so.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import rispy
from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from bibtexparser.writer import BibtexFormat
from pylatexenc.latexencode import RULE_DICT, RULE_REGEX, UnicodeToLatexConversionRule, UnicodeToLatexEncoder

from treatments.models import Reference
from treatments.models.choices import PublicationType, RetractionStatus
from treatments.models.identifiers import IDENTIFIERS

RIS_TYPE = "application/x-research-info-systems"
BIBTEX_TYPE = "application/x-bibtex"

FURTHER_AUTHORS = "Further authors are not recorded."


def ris(references: Iterable[Reference]) -> str:
    """The references in RIS, each once, in the order they come in; empty without any."""
    return as_ris(_ris_record(reference) for reference in _once(references))


def bibtex(references: Iterable[Reference]) -> str:
    """The references in BibTeX, each once, keyed by slug, in the order they come in; empty without any.

    Text is written in LaTeX that every BibTeX reads. Letters that LaTeX has no command for, Chinese ones for example,
    stay as they are in UTF-8.
    """
    return as_bibtex(_bibtex_entry(reference) for reference in _once(references))


def _once(references: Iterable[Reference]) -> list[Reference]:
    return list({reference.slug: reference for reference in references}.values())


# Authors --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Author:
    """A person by family name, initials ("AM") and suffix; or a group, which has a ``family`` alone."""

    family: str
    initials: str = ""
    suffix: str = ""

    @property
    def given(self) -> str:
        """The initials set apart, "A. M.": unmarked they would be taken for one name."""
        return re.sub(r"(?<=[^\W\d_])(?=[^\W\d_])", ". ", self.initials).replace("-", ".-") + "." * bool(self.initials)

    @property
    def is_group(self) -> bool:
        """Whether this reads as an organisation: several words, and no initials."""
        return not self.initials and " " in self.family


@dataclass(frozen=True)
class Authors:
    """Who wrote a publication, as far as recorded; ``complete`` is false where there are more."""

    named: tuple[Author, ...]
    complete: bool


_AND_OTHERS = re.compile(r",?\s*\bet al\.?$")
_REMARK = re.compile(r"\s*\([^()]*\)$")
_SUFFIX = re.compile(r"(?P<name>.+) (?P<suffix>Jr|Sr|[2-9](?:nd|rd|th)|I{2,3}|IV)\.?$")
# PubMed writes at most four; two or three with a hyphen between them occur elsewhere.
_INITIALS = re.compile(r"(?P<family>.+) (?P<initials>[^\W\d_](?:-?[^\W\d_]){0,4})")


def authors(reference: Reference) -> Authors:
    """The authors of ``reference``, read from the way PubMed writes them: "Family AB, de Family CD, et al."

    Remarks in brackets at the end are no part of a name and are left out.
    """
    text = _REMARK.sub("", _plain(reference.authors))
    complete = not _AND_OTHERS.search(text)
    parts = _AND_OTHERS.sub("", text).split(", ")
    return Authors(tuple(_author(_REMARK.sub("", part)) for part in parts if part.strip(" ,")), complete)


def _author(text: str) -> Author:
    text = text.strip(" ,").removeprefix("and ")
    suffixed = _SUFFIX.fullmatch(text)
    person = _INITIALS.fullmatch(suffixed["name"] if suffixed else text)
    if person is None or not person["initials"].isupper():
        return Author(text)
    return Author(person["family"], person["initials"], suffixed["suffix"] if suffixed else "")


def _plain(text: str) -> str:
    """``text`` on one line, in composed characters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


# What both formats say of a reference ---------------------------------------------------------------------------------


def is_article(reference: Reference) -> bool:
    """Whether a journal published it. Labels, news and bare registry records name a site as their journal."""
    if reference.publication_type in (PublicationType.LABEL, PublicationType.NEWS_REPORT) or not reference.journal:
        return False
    published = reference.pmid or reference.doi or reference.pmcid
    return reference.publication_type != PublicationType.REGISTRY or bool(published)


def address(reference: Reference) -> str:
    """Where the publication itself is: by DOI, else in PubMed, else in PubMed Central; empty where none is known."""
    for kind in ("doi", "pmid", "pmcid"):
        if value := getattr(reference, kind):
            return IDENTIFIERS[kind].link(value)
    return ""


def _standing(reference: Reference) -> str:
    """What a citation must not keep quiet about: a retraction, an expression of concern, a correction."""
    if reference.retraction_status == RetractionStatus.NONE_RECORDED:
        return ""
    return f"{reference.get_retraction_status_display()}."


# RIS ------------------------------------------------------------------------------------------------------------------


class _Writer(rispy.RisWriter):
    """Writes no number above a record, which the format does not know, and ends lines as it asks."""

    NEWLINE = "\r\n"

    def set_header(self, count: int) -> str:
        return ""


def as_ris(records: Iterable[dict[str, object]]) -> str:
    """Records by the field names of rispy; empty fields are left out, and every value is on one line."""
    kept = [{name: _one_line(value) for name, value in record.items() if value} for record in records]
    return rispy.dumps(kept, implementation=_Writer) if kept else ""


def _one_line(value: object) -> object:
    return [_plain(str(one)) for one in value] if isinstance(value, list) else _plain(str(value))


def _ris_type(reference: Reference) -> str:
    if reference.publication_type == PublicationType.NEWS_REPORT:
        return "NEWS"
    return "JOUR" if is_article(reference) else "GEN"


def _ris_record(reference: Reference) -> dict[str, object]:
    wrote = authors(reference)
    first_page, last_page = _pages(reference.pages)
    return {
        "type_of_reference": _ris_type(reference),
        "id": reference.slug,
        "authors": [", ".join(part for part in (one.family, one.given, one.suffix) if part) for one in wrote.named],
        "title": reference.title,
        "secondary_title": reference.journal,
        "year": reference.year,
        "volume": reference.volume,
        "number": reference.issue,
        "start_page": first_page,
        "end_page": last_page,
        "doi": reference.doi,
        "name_of_database": "PubMed" if reference.pmid else "",
        "accession_number": reference.pmid,
        "custom2": reference.pmcid,  # where reference managers keep it
        "urls": [address(reference)] if address(reference) else [],
        "notes": [note for note in ("" if wrote.complete else FURTHER_AUTHORS, _standing(reference)) if note],
    }


def _pages(pages: str) -> tuple[str, str]:
    """First and last page; a last page that is written short stays as it was printed."""
    first, dash, last = _plain(pages).replace("\N{EN DASH}", "-").partition("-")
    return (first, last) if dash and first and last and "-" not in last else (pages, "")


# BibTeX ---------------------------------------------------------------------------------------------------------------

# BibTeX counts braces even after a backslash, so braces of the text become commands; quotes and dashes that LaTeX would
# join into one stand in braces of their own.
_LATEX = UnicodeToLatexEncoder(
    conversion_rules=[
        UnicodeToLatexConversionRule(
            RULE_DICT,
            {
                ord("{"): r"{\ensuremath{\lbrace}}",
                ord("}"): r"{\ensuremath{\rbrace}}",
                ord('"'): '{"}',
                ord("`"): "{`}",
            },
            replacement_latex_protection="none",
        ),
        UnicodeToLatexConversionRule(
            RULE_REGEX,
            [(re.compile("-(?=-)"), "{-}"), (re.compile("'(?=')"), "{'}")],
            replacement_latex_protection="none",
        ),
        "defaults",
    ],
    replacement_latex_protection="braces-all",
    unknown_char_warning=False,
)


def latex(text: str) -> str:
    """``text`` on one line, with everything that LaTeX or BibTeX would take for a command written out."""
    return str(_LATEX.unicode_to_latex(_plain(text)))


def as_bibtex(entries: Iterable[Entry]) -> str:
    """Entries one after the other; their keys must differ."""
    style = BibtexFormat()
    style.indent = "  "
    style.trailing_comma = True
    style.block_separator = "\n"
    return write_string(Library(list(entries)), bibtex_format=style)


def bibtex_entry(kind: str, key: str, fields: dict[str, str]) -> Entry:
    """An entry of values that are LaTeX already; empty ones are left out."""
    return Entry(kind, key, [Field(name, value) for name, value in fields.items() if value])


def _bibtex_entry(reference: Reference) -> Entry:
    article = is_article(reference)
    first_page, last_page = _pages(reference.pages)
    return bibtex_entry(
        "article" if article else "misc",
        reference.slug,
        {
            "author": _bibtex_authors(authors(reference)),
            # In braces twice: no style may turn JAK, anti-MDA5 or a name into lower case.
            "title": f"{{{latex(reference.title)}}}",
            "journal" if article else "howpublished": latex(reference.journal),
            "year": str(reference.year or ""),
            "volume": latex(reference.volume),
            "number": latex(reference.issue),
            "pages": f"{latex(first_page)}--{latex(last_page)}" if last_page else latex(first_page),
            # Identifiers and addresses are read letter by letter, never as LaTeX.
            "doi": _verbatim(reference.doi or ""),
            "pmid": reference.pmid or "",
            "pmcid": reference.pmcid or "",
            "url": _verbatim(address(reference)),
            "note": _standing(reference),
        },
    )


def _bibtex_authors(wrote: Authors) -> str:
    names = []
    for one in wrote.named:
        # A group in braces, so that it is not taken apart into given and family names.
        family = f"{{{latex(one.family)}}}" if one.is_group else latex(one.family)
        names.append(", ".join(part for part in (family, latex(one.suffix), latex(one.given)) if part))
    return " and ".join(names if wrote.complete else [*names, "others"])


def _verbatim(text: str) -> str:
    """``text`` as it is, with braces, which would have to match, the way an address writes them."""
    return text.replace("{", "%7B").replace("}", "%7D")
