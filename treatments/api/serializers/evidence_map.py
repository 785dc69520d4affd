"""The evidence map: treatments against autoantibodies or manifestations, with what each cell counts."""

from typing import Any
from urllib.parse import urlencode

from rest_framework import serializers
from rest_framework.reverse import reverse

from treatments.evidence_map import Cell, Columns, Empty, EvidenceMap, Grouping
from treatments.models.choices import Direction, TreatmentKind
from treatments.tally import Tally


class Directions(serializers.Serializer):
    """Entries on efficacy by the way they point; never one number for all."""

    supports = serializers.IntegerField()
    mixed = serializers.IntegerField()
    no_benefit = serializers.IntegerField()
    harm = serializers.IntegerField()
    inconclusive = serializers.IntegerField()


class Counts(serializers.Serializer):
    """How many entries, the best level among them, and which way they point; safety apart."""

    best_level = serializers.CharField(allow_null=True, help_text="Of the entries on efficacy, 1 to 5.")
    directions = Directions()
    entries = serializers.IntegerField(help_text="On efficacy.")
    safety = serializers.IntegerField(help_text="On safety; never part of `entries`.")


class MapQuery(serializers.Serializer):
    """What was asked for, with what stands where nothing was said."""

    columns = serializers.ChoiceField(Columns.choices)
    group = serializers.ChoiceField(Grouping.choices)
    empty = serializers.ChoiceField(Empty.choices)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="The filters given, each with its values.",
    )


class MapColumn(Counts):
    """A term along the top."""

    slug = serializers.SlugField(allow_null=True, help_text="Null: entries that name no such term.")
    name = serializers.CharField()
    group = serializers.CharField(allow_null=True, help_text="Of an autoantibody, in words.")
    is_class = serializers.BooleanField(help_text="Entries reported for the class; they are not added to its members.")


class MapCell(Counts):
    """The entries on one treatment that name one term."""

    column = serializers.SlugField(allow_null=True, help_text="The slug of the column.")
    url = serializers.URLField(help_text="These entries: `entries` and `safety` together are its `count`.")


class MapTreatment(serializers.Serializer):
    """What a row is about."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(TreatmentKind.choices)


class MapGroup(serializers.Serializer):
    """The heading a row stands under."""

    slug = serializers.SlugField(allow_null=True, help_text="Of the mechanism; null where none is recorded.")
    name = serializers.CharField()


class MapRow(Counts):
    """One treatment. Its own counts have every entry once, however many cells it stands in."""

    treatment = MapTreatment()
    group = MapGroup()
    classes = serializers.ListField(
        child=serializers.SlugField(), help_text="Classes it is a member of, where they have a row of their own here."
    )
    cells = MapCell(many=True, help_text="Those that hold entries, in the order of the columns.")


class MapRecord(serializers.Serializer):
    """The whole table, in the order it is shown."""

    query = MapQuery()
    columns = MapColumn(many=True)
    rows = MapRow(many=True)


def counts(tally: Tally) -> dict[str, Any]:
    return {
        "best_level": tally.best_level or None,
        "directions": {name: tally.directions[name] for name in Direction.values},
        "entries": tally.efficacy,
        "safety": tally.safety,
    }


def map_record(found: EvidenceMap, filters: dict[str, list[str]], request: Any) -> dict[str, Any]:
    """``found`` in the shape of ``MapRecord``."""
    evidence = reverse("api:evidence-list", request=request)

    def cell_record(cell: Cell) -> dict[str, Any]:
        url = f"{evidence}?{urlencode(cell.evidence)}"
        return {"column": cell.column.slug or None, **counts(cell.tally), "url": url}

    return {
        "query": {**{name: value.value for name, value in vars(found.layout).items()}, "filters": filters},
        "columns": [
            {
                "slug": column.slug or None,
                "name": column.name,
                "group": column.group or None,
                "is_class": column.is_class,
                **counts(column.tally),
            }
            for column in found.columns
        ],
        "rows": [
            {
                "treatment": {name: getattr(row.treatment, name) for name in ("slug", "name", "kind")},
                "group": {"slug": group.key or None, "name": group.name},
                "classes": [whole.slug for whole in row.classes],
                **counts(row.tally),
                "cells": [cell_record(row.cells[column.key]) for column in found.columns if column.key in row.cells],
            }
            for group in found.groups
            for row in group.rows
        ],
    }
