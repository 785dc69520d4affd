"""Many published claims about the same few records: what pages and API must answer with as many queries as for few."""

from typing import Any

from tests import builders
from treatments.models import Appraisal, Evidence, MechanismOfAction, MechanismReference, TrialResult, TrialTreatment


def records() -> dict[str, Any]:
    """One record of each kind, under its name, and the release that all claims come with."""
    found: dict[str, Any] = {
        "treatment": builders.treatment(),
        "reference": builders.reference(),
        "trial": builders.trial(),
        "autoantibody": builders.autoantibody(),
        "manifestation": builders.manifestation(),
        "mechanism": builders.mechanism(),
        "measure": builders.outcome_measure(),
        "release": builders.release(),
    }
    MechanismOfAction.objects.create(treatment=found["treatment"], mechanism=found["mechanism"], action="inhibits")
    return found


def add_rows(count: int, about: dict[str, Any]) -> Appraisal:
    """``count`` more published claims of each kind about these records, and as many records that name them.

    The answer is an appraisal that rests on all of the new evidence.
    """
    entries = []
    for _ in range(count):
        claim = builders.evidence(
            treatment=about["treatment"],
            reference=about["reference"],
            trial=about["trial"],
            autoantibodies=[about["autoantibody"]],
            manifestations=[about["manifestation"]],
        )
        builders.result(claim, measure=about["measure"])
        entries.append(builders.published(claim, release=about["release"]))
        # Claims that name the same records, and records that name the same ones.
        builders.published(
            builders.recommendation(
                treatment=about["treatment"],
                guideline=about["reference"],
                autoantibodies=[about["autoantibody"]],
                manifestations=[about["manifestation"]],
            ),
            release=about["release"],
        )
        builders.published(
            builders.phenotype_association(
                autoantibody=about["autoantibody"],
                manifestation=about["manifestation"],
                references=[about["reference"]],
            ),
            release=about["release"],
        )
        other = builders.treatment()
        MechanismOfAction.objects.create(treatment=other, mechanism=about["mechanism"], action="inhibits")
        trial = builders.trial()
        TrialTreatment.objects.create(trial=trial, treatment=about["treatment"])
        TrialResult.objects.create(trial=trial, reference=about["reference"])
        builders.mechanism(parent=about["mechanism"])
        builders.mechanism_interaction(upstream=about["mechanism"])
        builders.prevalence().references.add(about["reference"])
        MechanismReference.objects.create(mechanism=builders.mechanism(), reference=about["reference"])
        builders.published(_appraisal(about, [claim]), release=about["release"])
    return builders.published(_appraisal(about, entries), release=about["release"])


def _appraisal(about: dict[str, Any], entries: list[Evidence]) -> Appraisal:
    names = ("treatment", "manifestation", "autoantibody")
    return builders.appraisal(**{name: about[name] for name in names}, rests_on=entries)
