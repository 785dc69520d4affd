"""Records beside each other, field by field, so that a person sees where they differ."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, Model, Prefetch
from django.urls import reverse
from django.utils.text import capfirst

from treatments.curation.checks import MODELS, Record
from treatments.curation.checks.reading import figures_in_words, named, number
from treatments.models import Result
from treatments.models.choices import RecordType

MOST = 6  # beside each other on one page; the others are linked

FIELDS: dict[RecordType, tuple[str, ...]] = {
    RecordType.EVIDENCE: (
        *("status", "treatment", "reference", "trial", "design", "analysis", "level", "level_note"),
        *("population", "setting", "regimen", "comparator", "n_treated", "n_control", "aspect", "direction"),
        *("statement", "limitations"),
    ),
    RecordType.PHENOTYPE_ASSOCIATION: (
        *("status", "autoantibody", "manifestation", "population", "strength", "frequency_low", "frequency_high"),
        *("effect_kind", "effect_value", "effect_ci_low", "effect_ci_high", "note"),
    ),
    RecordType.RECOMMENDATION: (
        *("status", "guideline", "body", "treatment", "population", "setting", "direction", "strength", "quality"),
        *("statement", "note"),
    ),
    RecordType.REFERENCE: (
        *("title", "authors", "journal", "year", "volume", "issue", "pages", "pmid", "doi", "pmcid"),
        *("publication_type", "retraction_status"),
    ),
    RecordType.TRIAL: (
        "nct_id",
        "acronym",
        "title",
        "phase",
        "status",
        "status_as_of",
        "enrollment",
        "sponsor",
        "note",
    ),
    RecordType.TREATMENT: (
        *("name", "kind", "stage", "drug_class", "synonyms", "atc_code", "chembl_id", "rxnorm_cui", "drugbank_id"),
        "unii",
    ),
    RecordType.MECHANISM: ("name", "kind", "parent", "genes", "reactome_id", "kegg_id"),
    RecordType.AUTOANTIBODY: ("name", "full_name", "group", "antigen", "genes", "uniprot_id"),
    RecordType.MANIFESTATION: ("name", "synonyms", "hpo_id"),
}


@dataclass(frozen=True)
class Row:
    label: str
    values: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class Beside:
    """Records of one kind: a column for each (name and address), a row for each field that any of them has."""

    kind: str
    columns: list[tuple[str, str]]
    rows: list[Row]
    others: list[tuple[str, str]]


def address_of(record: Record) -> str:
    """The page of a record in the admin."""
    return reverse(f"admin:treatments_{MODELS[record.kind]._meta.model_name}_change", args=[record.pk])


def beside(records: Iterable[Record]) -> list[Beside]:
    """A table for each kind of record. The number of queries depends on the kinds, not on how many records."""
    by_kind: dict[RecordType, list[Record]] = defaultdict(list)
    for record in records:
        by_kind[record.kind].append(record)
    return [_table(kind, of_kind) for kind, of_kind in by_kind.items()]


def _table(kind: RecordType, records: list[Record]) -> Beside:
    model = MODELS[kind]
    links = [name for name in FIELDS[kind] if isinstance(model._meta.get_field(name), ForeignKey)]
    found = model._default_manager.select_related(*links)
    if kind == RecordType.EVIDENCE:
        results = Prefetch("results", Result.objects.select_related("measure"))
        found = found.prefetch_related(results, "autoantibodies", "manifestations")
    by_key: dict[Any, Any] = found.in_bulk([record.pk for record in records[:MOST]])
    shown = [record for record in records[:MOST] if record.pk in by_key]
    rows = [by_key[record.pk] for record in shown]
    lines = [Row(_label(model, name), [_text(row, name) for row in rows]) for name in FIELDS[kind]]
    if kind == RecordType.EVIDENCE:
        lines += [
            Row("Autoantibodies", [", ".join(map(str, row.autoantibodies.all())) for row in rows]),
            Row("Manifestations", [", ".join(map(str, row.manifestations.all())) for row in rows]),
            Row("Results", ["\n".join(map(_result, row.results.all())) for row in rows]),
        ]
    lines.append(Row("Source checks", ["\n".join(map(_check, row.source_checks)) for row in rows]))
    return Beside(
        str(kind.label),
        [(record.name, address_of(record)) for record in shown],
        [line for line in lines if any(line.values)],
        [(record.name, address_of(record)) for record in records[MOST:]],
    )


def _label(model: type[Model], name: str) -> str:
    return str(capfirst(str(getattr(model._meta.get_field(name), "verbose_name", name))))


def _text(row: Any, name: str) -> str:
    value = getattr(row, name)
    if value in (None, "", []):
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    display = getattr(row, f"get_{name}_display", None)
    return str(display()) if display else number(value)


def _result(result: Result) -> str:
    said = "; ".join(filter(None, (figures_in_words(result), f"p {result.p_value}" if result.p_value else "")))
    return f"{named(result)}: {said or 'no figures'}"


def _check(check: dict[str, str]) -> str:
    return ": ".join(filter(None, (check["grade"], check["what"])))
