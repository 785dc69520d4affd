"""Reads the names of all records from the database, once for each revision of the data set.

They are kept by this process under the state of the data, so they are never out of date, whoever changed what.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.cache import cache

from treatments.models import (
    Autoantibody,
    DatasetRevision,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    Reference,
    Treatment,
    Trial,
    Vocabulary,
)

from .folding import fold, key, keys, words
from .kinds import Kind
from .names import Names, Role

# "Immunoglobulin (IVIG)": an abbreviation has a capital or a digit; "(class)", "(cream)" are remarks.
BRACKETS = re.compile(r"\s*\(([^()]*)\)")
ABBREVIATION = re.compile(r"[^\s,]*[A-Z0-9][^\s,]*")

TABLES: tuple[tuple[Kind, type[Vocabulary], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        Kind.TREATMENT,
        Treatment,
        ("slug", "name", "kind", "drug_class", "synonyms", "brand_names"),
        ("atc_code", "chembl_id", "rxnorm_cui", "drugbank_id", "unii"),
    ),
    (Kind.AUTOANTIBODY, Autoantibody, ("slug", "name", "full_name", "synonyms", "genes"), ("uniprot_id",)),
    (Kind.MANIFESTATION, Manifestation, ("slug", "name", "synonyms"), ("hpo_id",)),
    (Kind.MECHANISM, Mechanism, ("slug", "name", "kind", "genes"), ("reactome_id", "kegg_id")),
    (Kind.OUTCOME_MEASURE, OutcomeMeasure, ("slug", "name", "abbreviation"), ()),
    (Kind.TRIAL, Trial, ("acronym", "title"), ("nct_id",)),
    (Kind.REFERENCE, Reference, ("slug", "title", "authors", "journal", "year"), ("pmid", "doi", "pmcid")),
)


def current_names() -> Names:
    """The names of the data set as it is now."""
    # The revision first: what is written meanwhile can only make the names newer than their label.
    place = f"search-names:{DatasetRevision.current().state}"
    kept: Names | None = cache.get(place)
    if kept is None:
        kept = read_names()
        cache.set(place, kept)
    return kept


def read_names() -> Names:
    """All names from the database: one query a kind, and one that folds them."""
    found = Names()
    given: list[tuple[int, str, Role]] = []
    titles: list[tuple[int, str]] = []
    for kind, model, columns, registries in TABLES:
        rows: list[Any] = list(model._default_manager.only(*columns, *registries, "retired_on", "successor"))
        places: dict[int, int] = {}
        for row in rows:
            _note_identifiers(found, kind, row, registries)
            if row.retired_on is None:
                places[row.pk] = len(found.subjects)
                found.subjects.append((kind.value, row.pk, _label(row), _detail(row), row.get_absolute_url()))
                given += [(places[row.pk], text, role) for text, role in _names(row)]
                titles += [(places[row.pk], title) for title in [_title(row)] if title]
        by_pk = {row.pk: row for row in rows}
        for row in rows:
            heir = _in_use(row, by_pk)
            if row.retired_on and heir is not None:
                given += [(places[heir.pk], text, Role.FORMER_NAME) for text, _ in _names(row)]
    folded = fold([*(text for _, text, _ in given), *(title for _, title in titles)])
    lines = [" " + " ".join(words(one)) for one in folded]
    found.names = [
        (place, text, role.value, keys(one), line)
        for (place, text, role), one, line in zip(given, folded, lines, strict=False)
        if key(one)
    ]
    found.titles = [(place, line) for (place, _), line in zip(titles, lines[len(given) :], strict=True)]
    return found


def _note_identifiers(found: Names, kind: Kind, row: Any, registries: Iterable[str]) -> None:
    for registry in registries:
        if value := getattr(row, registry):
            entry = (kind.value, row.pk, _label(row), row.get_absolute_url(), row.retired_on is None)
            found.identified.setdefault((registry, value.casefold()), []).append(entry)


def _in_use(row: Any, by_pk: dict[int, Any]) -> Any:
    """What stands for ``row`` today: itself, or the last of its successors; None where that is out of use too."""
    seen = set()
    while row is not None and row.retired_on and row.pk not in seen:
        seen.add(row.pk)
        row = by_pk.get(row.successor_id)
    return None if row is None or row.retired_on else row


def _label(row: Any) -> str:
    return row.title if isinstance(row, Reference) else str(row)


def _detail(row: Any) -> str:
    """What tells the record from others of like name."""
    match row:
        case Treatment():
            return row.drug_class or row.get_kind_display()
        case Autoantibody():
            return row.full_name
        case Mechanism():
            return row.get_kind_display()
        case OutcomeMeasure():
            return row.abbreviation
        case Trial():
            return row.title
        case Reference():
            return ", ".join(part for part in (row.first_author, row.journal, str(row.year or "")) if part)
    return ""


def _names(row: Any) -> Iterator[tuple[str, Role]]:
    """Every name of the record as it is written; the slug stands for other spellings of the name."""
    match row:
        case Reference():
            return
        case Trial():
            given = [(row.nct_id, Role.NAME), (row.acronym, Role.NAME)]
        case _:
            given = [(row.name, Role.NAME), (row.slug.replace("-", " "), Role.NAME)]
    given += [(text, Role.NAME) for text in (getattr(row, "full_name", ""),)]
    given += [(text, Role.ABBREVIATION) for text in (getattr(row, "abbreviation", ""),)]
    for column, role in (("synonyms", Role.SYNONYM), ("brand_names", Role.BRAND_NAME), ("genes", Role.GENE)):
        given += [(text, role) for text in getattr(row, column, ())]
    for text, role in given:
        yield from ((one, role) for one in (BRACKETS.sub("", text).strip(),) if one)
        for remark in BRACKETS.findall(text):
            abbreviations = [part.strip() for part in remark.split(",")]
            yield from ((part, Role.ABBREVIATION) for part in abbreviations if ABBREVIATION.fullmatch(part))


def _title(row: Any) -> str:
    match row:
        case Reference():
            return f"{row.title} {row.authors} {row.journal} {row.year or ''}"
        case Trial():
            return row.title
    return ""
