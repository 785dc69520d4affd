"""What an appraisal rests on: evidence that readers can read, picked from its scope."""

import re
from collections.abc import Mapping

from django.db.models import Q, QuerySet

from treatments.models import Appraisal, Evidence
from treatments.models.choices import ClaimStatus, Population

SCOPE = ("treatment", "manifestation", "autoantibody", "population")
"""The fields of an appraisal that say what it is about."""

_ACCESSION = re.compile(rf"{Evidence.ACCESSION_PREFIX}[0-9]{{5,}}", re.IGNORECASE)


def obstacle_to_appraising(appraisal: Appraisal) -> str:
    """Why the appraisal cannot go to readers as it is: it rests on nothing, or on what is not published now."""
    entries = list(appraisal.rests_on.order_by("accession", "version"))
    if not entries:
        return f"{appraisal} rests on no evidence yet: name the published entries that it sums up."
    for entry in entries:
        if entry.status != ClaimStatus.PUBLISHED:
            return (
                f"{appraisal} rests on {entry}, which is {entry.get_status_display().lower()}:"
                " put what is published now in its place."
            )
    return ""


def evidence_to_pick(text: str, asked: Mapping[str, str]) -> QuerySet:
    """Published evidence to search for ``text`` in the scope that a form names.

    Who types a whole accession means that entry, whatever its scope: indirect evidence can be named on purpose.
    """
    if _ACCESSION.fullmatch(text.strip()):
        return Evidence.objects.published()
    return evidence_in_scope(**{name: asked.get(name, "") for name in SCOPE})


def evidence_in_scope(
    treatment: str = "", manifestation: str = "", autoantibody: str = "", population: str = ""
) -> QuerySet:
    """Published evidence that an appraisal of this can rest on, by primary keys as a form holds them.

    What is empty, or no key, narrows nothing. With an antibody, entries on unselected disease stay: they are indirect
    evidence, and the certainty says so; entries on other antibodies go.
    """
    found = Evidence.objects.published()
    if treatment.isdecimal():
        found = found.filter(treatment=int(treatment))
    if manifestation.isdecimal():
        found = found.filter(manifestation_links__manifestation=int(manifestation))
    if autoantibody.isdecimal():
        found = found.filter(Q(autoantibody_links=None) | Q(autoantibody_links__autoantibody=int(autoantibody)))
    if population in (Population.ADULT, Population.JUVENILE):
        found = found.filter(population__in=(population, Population.MIXED))
    return found.distinct()
