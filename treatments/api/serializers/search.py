"""What a search found: records of every kind by their address, names before texts."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.reverse import reverse

from treatments.api.endpoints import ENDPOINTS
from treatments.search import SEARCHED, SOURCES, TERMS, Answer, Hit, Kind, Match, Role

# The columns that name a record in an address, and those that say what it is.
TITLES: dict[Kind, tuple[str, ...]] = {
    **dict.fromkeys(TERMS, ("name",)),
    **dict.fromkeys(SOURCES, ("title",)),
    Kind.EVIDENCE: ("statement",),
    Kind.RECOMMENDATION: ("statement",),
    Kind.APPRAISAL: ("bottom_line",),
    Kind.PHENOTYPE_ASSOCIATION: ("autoantibody__name", "manifestation__name"),
}


class MatchedName(serializers.Serializer):
    """The name that a record was found by."""

    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)


class FoundRecord(serializers.Serializer):
    """A record that answers."""

    kind = serializers.ChoiceField(Kind.choices)
    key = serializers.CharField(help_text="Slug, accession or NCT number.")
    title = serializers.CharField(help_text="The name of a term, the title of a source, what a claim states.")
    url = serializers.URLField()
    matched = MatchedName(allow_null=True, help_text="Null where it was found by its text or by what it is linked to.")


class NearRecord(serializers.Serializer):
    """A term or source of similar name."""

    kind = serializers.ChoiceField(Kind.choices)
    key = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()


class Counts(serializers.Serializer):
    """How many records of each kind answer, whichever kinds were asked for."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {kind.value: serializers.IntegerField() for kind in Kind}


class SearchRecord(serializers.Serializer):
    """The records that answer, the best first: what is called so, then what is about it, then what mentions it."""

    asked = serializers.CharField()
    read_as = serializers.CharField(
        allow_null=True,
        help_text="What was searched instead: nothing answers to what was asked, and one letter of a name was wrong.",
    )
    meant = serializers.CharField(allow_null=True, help_text="What may have been meant; it was not searched.")
    counts = Counts()
    count = serializers.IntegerField(help_text="Of the kinds asked for.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = FoundRecord(many=True)
    nearest = NearRecord(many=True, help_text="Where nothing answers: names that are close.")


def search_record(
    answer: Answer, page: list[Hit], count: int, links: tuple[str | None, str | None], request: Request
) -> dict[str, Any]:
    """``answer`` with the hits of one page; one query for each kind of record on it."""
    found = _records({(hit.kind, hit.pk) for hit in page}, request)
    near = _records({(match.subject.kind, match.subject.pk) for match in answer.nearest}, request)
    places = [(match.subject.kind, match.subject.pk) for match in answer.nearest]
    return SearchRecord(
        {
            "asked": answer.asked,
            "read_as": answer.read_as or None,
            "meant": answer.meant or None,
            "counts": {kind.value: answer.counts.get(kind, 0) for kind in Kind},
            "count": count,
            "next": links[0],
            "previous": links[1],
            "results": [
                {**found[hit.kind, hit.pk], "matched": _matched(hit.match)}
                for hit in page
                if (hit.kind, hit.pk) in found
            ],
            "nearest": [near[place] for place in places if place in near],
        }
    ).data


def _matched(match: Match | None) -> dict[str, str] | None:
    return {"name": match.name, "role": match.role.value} if match else None


def _records(wanted: set[tuple[Kind, int]], request: Request) -> dict[tuple[Kind, int], dict[str, Any]]:
    """Kind, key, title and address of each record ``wanted``."""
    described = {}
    for kind in sorted({kind for kind, _ in wanted}):
        key = _key(kind)
        rows = SEARCHED[kind].public().filter(pk__in=[pk for of_kind, pk in wanted if of_kind == kind])
        for pk, value, *title in rows.values_list("pk", key, *TITLES[kind]):
            url = reverse(f"api:{ENDPOINTS[rows.model]}-detail", args=[value], request=request)
            described[kind, pk] = {"kind": kind.value, "key": value, "title": ": ".join(title), "url": url}
    return described


def _key(kind: Kind) -> str:
    if kind == Kind.TRIAL:
        return "nct_id"
    return "slug" if kind in (*TERMS, Kind.REFERENCE) else "accession"
