"""Citation files: .nbib (MEDLINE), .ris and .bib, each read by its maintained parser. Works without any network."""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import NameParts, SeparateCoAuthors, SplitNameParts
from bibtexparser.model import Entry
from pylatexenc.latex2text import LatexNodes2Text

from treatments.models.choices import RetractionStatus
from treatments.models.identifiers import IDENTIFIERS

from .medline import records_in
from .records import FILE, Record, author_name, doi_in, plain, reference_record, says_retracted, title_of, year_in

logger = logging.getLogger(__name__)

LARGEST_FILE = 5 * 1024 * 1024
ENDINGS = (".nbib", ".ris", ".bib")

_BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
# What our own RIS and BibTeX files say in their notes.
_STANDINGS = {f"{standing.label}.".casefold(): standing for standing in RetractionStatus}
_PMID_IN_NOTES = re.compile(r"PMID\s*:?\s*(\d{1,9})\b|pubmed[^\s/]{0,40}/(?:pubmed/)?(\d{1,9})\b", re.IGNORECASE)


class FileError(Exception):
    """A file that cannot be taken; the message says what is wrong with it."""


@dataclass(frozen=True)
class Contents:
    """The records of a file, and in sentences what in it could not be read."""

    records: list[Record]
    problems: list[str]


def read(name: str, content: bytes) -> Contents:
    """The records of the file called ``name``. Raises ``FileError`` where it has none, or is none of these files."""
    name = plain_name(name)
    if len(content) > LARGEST_FILE:
        raise FileError(f"“{name}” is larger than {LARGEST_FILE // 1024 // 1024} MB. Export fewer records at once.")
    text = _text(content)
    ending = PurePath(name).suffix.lower()
    reader = READERS.get(ending) or _reader_for(text)
    if reader is None:
        raise FileError(f"“{name}” is no .nbib, .ris or .bib file.")
    try:
        contents = reader(text, f"{FILE}{name}")
    except FileError:
        raise
    except Exception as problem:  # the parsers are not ours, and there is no list of what they raise
        logger.info("%s could not be read: %r", ending, problem)
        raise FileError(f"“{name}” cannot be read; it may be damaged. Export it again.") from problem
    if not contents.records:
        raise FileError(" ".join([f"“{name}” has no record with a title in it.", *contents.problems[:3]]))
    return contents


def plain_name(name: str | None) -> str:
    """The name of a file without the folders it lies in."""
    return plain(PurePath((name or "").replace("\\", "/")).name)[:120] or "file"


def _text(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _reader_for(text: str) -> Callable[[str, str], Contents] | None:
    for pattern, reader in ((r"^PMID- ", _medline), (r"^TY  -", _ris), (r"^[ \t]*@\w+\s*[{(]", _bibtex)):
        if re.search(pattern, text, re.MULTILINE):
            return reader
    return None


def _medline(text: str, origin: str) -> Contents:
    # Even from PubMed, a file went through hands that nobody knows: the address is not said to be where it was read.
    records = [Record(one.kind, one.values, origin, "", one.abstract, one.remarks) for one in records_in(text, origin)]
    begun = len(re.findall(r"^PMID- ", text, re.MULTILINE))
    return Contents(records, _fewer(begun, len(records), "A record without a title was left out."))


def _fewer(begun: int, read_: int, one: str) -> list[str]:
    return [one if begun - read_ == 1 else f"{begun - read_} records: {one}"] if begun > read_ else []


# RIS ------------------------------------------------------------------------------------------------------------------


def _ris(text: str, origin: str) -> Contents:
    text = "\n".join(re.split(r"\r\n|\r|\n", text))
    # A line that continues nothing, before the first tag of a record, would stop the parser.
    text = re.sub(r"^(TY  -.*\n)(?:(?![A-Z][A-Z0-9]  -).*\n)+", r"\1", text, flags=re.MULTILINE)
    found = rispy.loads(text, skip_unknown_tags=True)
    records = [record for one in found if (record := _ris_record(one, origin)).title]
    begun = len(re.findall(r"^TY  -", text, re.MULTILINE))
    return Contents(
        records, _fewer(begun, len(records), "A record without a title, or without its end (ER), was left out.")
    )


def _ris_record(said: dict[str, Any], origin: str) -> Record:
    def one(*names: str) -> str:
        return next((text for name in names if (text := plain(_first(said.get(name))))), "")

    title = one("title", "primary_title")
    notes = [plain(note) for name in ("notes", "research_notes", "note") for note in _list(said.get(name))]
    first, last = one("start_page"), one("end_page")
    pmcid = re.search(r"\bPMC[1-9]\d*\b", " ".join([one("custom2"), one("custom1"), *notes]))
    urls = [plain(url) for url in _list(said.get("urls"))]
    return reference_record(
        {
            "title": title_of(title),
            "authors": ", ".join(
                filter(None, map(_comma_name, _list(said.get("authors") or said.get("first_authors"))))
            ),
            "journal": one(
                "alternate_title2", "secondary_title", "journal_name", "alternate_title3", "alternate_title1"
            ),
            "year": year_in(one("year")) or year_in(one("publication_year")) or year_in(one("date")),
            "volume": one("volume"),
            "issue": one("number"),
            "pages": f"{first}-{last}" if first and last and first != last else first,
            "pmid": _ris_pmid(one("accession_number"), one("name_of_database", "database_provider"), [*notes, *urls]),
            "doi": doi_in(one("doi")) or next((doi_in(url) for url in urls if "doi.org/" in url), ""),
            "pmcid": pmcid[0] if pmcid else "",
            "retraction_status": _standing(title, notes),
        },
        origin=origin,
        abstract=one("abstract", "notes_abstract"),
    )


def _ris_pmid(number: str, database: str, elsewhere: list[str]) -> str:
    if re.search("pubmed|medline|nlm", database, re.IGNORECASE) and IDENTIFIERS["pmid"].matches(number):
        return number
    found = _PMID_IN_NOTES.search(" ".join(elsewhere))
    return (found[1] or found[2]).lstrip("0") if found else ""


def _comma_name(name: Any) -> str:
    """ "Example, Ann B., Jr" as "Example AB Jr"; a name without a comma is a group, or written for PubMed already."""
    family, *rest = [part.strip() for part in plain(name).split(",")]
    return " ".join(filter(None, [author_name(family, rest[0] if rest else ""), *rest[1:2]]))


# BibTeX ---------------------------------------------------------------------------------------------------------------


def _bibtex(text: str, origin: str) -> Contents:
    library = parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    records = [record for entry in library.entries if (record := _bibtex_record(entry, origin)).title]
    problems = _fewer(len(library.entries), len(records), "An entry without a title was left out.")
    for block in library.failed_blocks:
        line = f" on line {block.start_line + 1}" if block.start_line is not None else ""
        problems.append(f"The entry{line} cannot be read, or its key is used twice; it was left out.")
    return Contents(records, problems)


def _bibtex_record(entry: Entry, origin: str) -> Record:
    said = {key.lower(): field.value for key, field in entry.fields_dict.items()}

    def one(*names: str) -> str:
        return next((text for name in names if (text := _latex(said.get(name)))), "")

    def letters(name: str) -> str:
        """A value that is read letter by letter, never as LaTeX; only an escaped sign is the sign."""
        return plain(re.sub(r"\\([_%&#$])", r"\1", str(said.get(name) or "")))

    title = one("title")
    pages = re.sub(r"\s*[-–—]+\s*", "-", one("pages"))
    pmid = letters("pmid") or (letters("eprint") if letters("eprinttype").lower() == "pubmed" else "")
    pmcid = re.sub(r"^(?=\d)", "PMC", letters("pmcid") or letters("pmc"))
    return reference_record(
        {
            "title": title_of(title),
            "authors": ", ".join(filter(None, map(_bibtex_name, _list(said.get("author"))))),
            "journal": one("journal", "journaltitle", "howpublished"),
            "year": year_in(one("year")) or year_in(one("date")),
            "volume": one("volume"),
            "issue": one("number", "issue"),
            "pages": pages,
            "pmid": pmid,
            "doi": doi_in(letters("doi")),
            "pmcid": pmcid,
            "retraction_status": _standing(title, [one("note")]),
        },
        origin=origin,
        abstract=one("abstract"),
    )


def _bibtex_name(name: Any) -> str:
    if not isinstance(name, NameParts):
        return _latex(name)
    family, given, suffix = (_latex(" ".join(parts)) for parts in ([*name.von, *name.last], name.first, name.jr))
    if family.lower() == "others" and not given:
        return "et al."
    return f"{author_name(family, given)} {suffix}".strip()


def _latex(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    # A sign of per cent begins a comment in LaTeX, and hardly ever in a title.
    text = re.sub(r"(?<!\\)%", r"\\%", value)
    return (
        plain(LatexNodes2Text(math_mode="with-delimiters").latex_to_text(text))
        if re.search(r"[\\{}~$]", text)
        else plain(text)
    )


# Both -----------------------------------------------------------------------------------------------------------------


def _standing(title: str, notes: Iterable[str]) -> RetractionStatus:
    if says_retracted(title):
        return RetractionStatus.RETRACTED
    said = [_STANDINGS[note.casefold()] for note in notes if note.casefold() in _STANDINGS]
    return said[0] if said else RetractionStatus.NONE_RECORDED


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


READERS: dict[str, Callable[[str, str], Contents]] = {".nbib": _medline, ".ris": _ris, ".bib": _bibtex}
