"""Rows for tests, visibly made up. Each function saves one row with every required field filled.

Keyword arguments are the fields of the model; names, slugs and identifiers differ from call to call. Vocabulary of the
data set (levels) is used where it is there, and made where it is not.
"""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import count
from typing import Any, TypeVar

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import GeneratedField
from django.utils import timezone

from treatments.curation.roles import REVIEWER
from treatments.curation.workflow import NOT_REVISED
from treatments.models import (
    Appraisal,
    AppraisalEvidence,
    Assignment,
    Autoantibody,
    AutoantibodyMember,
    Candidate,
    CertaintyLevel,
    Claim,
    Comment,
    Declaration,
    Dismissal,
    Evidence,
    EvidenceAutoantibody,
    EvidenceImport,
    EvidenceLevel,
    EvidenceManifestation,
    LiteratureQuery,
    Manifestation,
    Mechanism,
    MechanismInteraction,
    NoticeSetting,
    OutcomeMeasure,
    PhenotypeAssociation,
    PhenotypeAssociationReference,
    Prevalence,
    Recommendation,
    RecommendationAutoantibody,
    RecommendationManifestation,
    Reference,
    Release,
    Result,
    Treatment,
    TreatmentComponent,
    TreatmentMember,
    Trial,
)
from treatments.models.choices import (
    AssociationStrength,
    AutoantibodyGroup,
    AutoantibodyKind,
    Better,
    ClaimStatus,
    Design,
    Direction,
    InteractionEffect,
    MechanismKind,
    Population,
    PublicationType,
    RecommendationDirection,
    RecommendationStrength,
    ResultKind,
    TreatmentKind,
    TreatmentStage,
)

PASSWORD = "correct horse battery staple"
PRIMARY_CHECK = {"what": "every figure", "grade": "primary", "source": "https://pubmed.example/1/"}
SECONDARY_CHECK = {"what": "the abstract", "grade": "secondary"}

AnyClaim = TypeVar("AnyClaim", bound=Claim)

_number = count(1)


def _fill(fields: dict[str, Any], **make: Callable[[], Any]) -> None:
    """Make the rows that ``fields`` point at and that the caller did not give."""
    for name in make.keys() - fields.keys():
        fields[name] = make[name]()


# People ---------------------------------------------------------------------------------------------------------------


def person(*roles: str, declared: bool | None = None, **fields: Any) -> User:
    """Someone who can sign in to the admin with ``PASSWORD``, in the groups named ``roles``.

    Who reviews, and superusers, have declared their interests unless said otherwise.
    """
    fields.setdefault("username", f"{'-'.join(roles) or 'person'}-{next(_number)}")
    # One round instead of a million: tests make many people, and only some of them sign in.
    password = PBKDF2PasswordHasher().encode(PASSWORD, salt="made-up", iterations=1)
    user = User.objects.create(**{"password": password, "is_staff": True, **fields})
    user.groups.set(Group.objects.filter(name__in=roles))
    if declared if declared is not None else REVIEWER in roles or user.is_superuser:
        declaration(person=user)
    return user


def _declared(reviewer: User) -> User:
    if not Declaration.objects.valid().filter(person=reviewer).exists():
        declaration(person=reviewer)
    return reviewer


def declaration(**fields: Any) -> Declaration:
    """A declaration of interests, of today unless said otherwise."""
    _fill(fields, person=person)
    return Declaration.objects.create(**{"nothing_to_declare": "interests" not in fields, **fields})


def comment(claim: Claim, **fields: Any) -> Comment:
    _fill(fields, author=person)
    return Comment.objects.create(
        **{"accession": claim.accession, "version": claim.version, "text": "A made-up remark.", **fields}
    )


def assignment(claim: Claim, **fields: Any) -> Assignment:
    """A draft in somebody's hand."""
    _fill(fields, person=person)
    return Assignment.objects.create(**{"accession": claim.accession, "version": claim.version, **fields})


def notice_setting(**fields: Any) -> NoticeSetting:
    _fill(fields, person=person)
    return NoticeSetting.objects.create(**{"by_mail": False, **fields})


# Vocabulary -----------------------------------------------------------------------------------------------------------


def _named(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    """``fields`` with a name and slug that no other row has."""
    number = next(_number)
    fields.setdefault("name", f"{name} {number}")
    fields.setdefault("slug", f"example-{number}")
    return fields


def evidence_level(code: str = "2") -> EvidenceLevel:
    return EvidenceLevel.objects.get_or_create(
        code=code, defaults={"rank": int(code), "label": f"Example step {code}", "description": "Made up."}
    )[0]


def certainty_level(code: str = "low") -> CertaintyLevel:
    ranks = {"high": 1, "moderate": 2, "low": 3, "very-low": 4}
    return CertaintyLevel.objects.get_or_create(
        code=code, defaults={"rank": ranks[code], "label": code.capitalize(), "description": "Made up."}
    )[0]


def treatment(name: str = "Exampletinib", **fields: Any) -> Treatment:
    return Treatment.objects.create(
        **{
            "kind": TreatmentKind.SMALL_MOLECULE,
            "stage": TreatmentStage.INVESTIGATIONAL,
            "summary": "A made-up treatment.",
            **_named(name, fields),
        }
    )


def combination(*components: Treatment, **fields: Any) -> Treatment:
    """A combination; of two made-up treatments where none are given."""
    whole = treatment("Exampletinib plus Samplimab", kind=TreatmentKind.COMBINATION, **fields)
    for component in components or (treatment(), treatment("Samplimab")):
        TreatmentComponent.objects.create(combination=whole, component=component)
    return whole


def treatment_class(*members: Treatment, **fields: Any) -> Treatment:
    """A class of treatments; with one made-up member where none are given."""
    whole = treatment("Example inhibitors", kind=TreatmentKind.CLASS, **fields)
    for member in members or (treatment(),):
        TreatmentMember.objects.create(treatment_class=whole, member=member)
    return whole


def mechanism(name: str = "Example pathway", **fields: Any) -> Mechanism:
    return Mechanism.objects.create(
        **{"kind": MechanismKind.PATHWAY, "description": "A made-up pathway.", **_named(name, fields)}
    )


def mechanism_interaction(**fields: Any) -> MechanismInteraction:
    _fill(fields, upstream=mechanism, downstream=mechanism)
    return MechanismInteraction.objects.create(**{"effect": InteractionEffect.ACTIVATES, **fields})


def autoantibody(name: str = "anti-Example", **fields: Any) -> Autoantibody:
    return Autoantibody.objects.create(
        **{
            "full_name": "Antibody to a made-up antigen",
            "group": AutoantibodyGroup.DM_SPECIFIC,
            "description": "A made-up antibody.",
            **_named(name, fields),
        }
    )


def autoantibody_class(*members: Autoantibody, **fields: Any) -> Autoantibody:
    """A class of autoantibodies; with one made-up member where none are given."""
    whole = autoantibody("anti-examples", kind=AutoantibodyKind.CLASS, **fields)
    for member in members or (autoantibody(),):
        AutoantibodyMember.objects.create(autoantibody_class=whole, member=member)
    return whole


def prevalence(antibody: Autoantibody | None = None, **fields: Any) -> Prevalence:
    return Prevalence.objects.create(
        **{
            "autoantibody": antibody or autoantibody(),
            "population": Population.ADULT,
            "low": 1,
            "high": 2,
            "unit": "% of made-up patients",
            **fields,
        }
    )


def manifestation(name: str = "Example rash", **fields: Any) -> Manifestation:
    return Manifestation.objects.create(**{"description": "A made-up feature.", **_named(name, fields)})


def outcome_measure(name: str = "Example score", **fields: Any) -> OutcomeMeasure:
    return OutcomeMeasure.objects.create(**{"better": Better.HIGHER, **_named(name, fields)})


# Sources --------------------------------------------------------------------------------------------------------------


def reference(**fields: Any) -> Reference:
    number = next(_number)
    return Reference.objects.create(
        **{
            "slug": f"example-{number}",
            "title": f"A made-up study, number {number}",
            "authors": "Example A, Sample B",
            "journal": "Journal of Made-up Results",
            "year": 2024,
            "publication_type": PublicationType.RANDOMIZED_TRIAL,
            **fields,
        }
    )


def trial(**fields: Any) -> Trial:
    number = next(_number)
    return Trial.objects.create(
        **{"nct_id": f"NCT{99_000_000 + number}", "title": f"A made-up trial, number {number}", **fields}
    )


# Claims ---------------------------------------------------------------------------------------------------------------


def release(**fields: Any) -> Release:
    number = next(_number)
    return Release.objects.create(
        **{"name": f"example-{number}", "title": "A made-up release", "released_on": date(2026, 11, 1), **fields}
    )


def evidence(
    *, autoantibodies: Iterable[Autoantibody] = (), manifestations: Iterable[Manifestation] = (), **fields: Any
) -> Evidence:
    """A draft evidence entry."""
    _fill(fields, treatment=treatment, reference=reference, level=evidence_level)
    claim = Evidence.objects.create(
        **{
            "design": Design.RANDOMIZED_CONTROLLED_TRIAL,
            "population": Population.ADULT,
            "direction": Direction.SUPPORTS,
            "statement": "A made-up finding.",
            **fields,
        }
    )
    for antibody in autoantibodies:
        EvidenceAutoantibody.objects.create(evidence=claim, autoantibody=antibody)
    for feature in manifestations:
        EvidenceManifestation.objects.create(evidence=claim, manifestation=feature)
    return claim


def result(claim: Evidence, **fields: Any) -> Result:
    """A result of ``claim``, 7 of 10 against 3 of 10 unless said otherwise."""
    _fill(fields, measure=outcome_measure)
    return Result.objects.create(
        **{
            "evidence": claim,
            "label": "Made-up response",
            "kind": ResultKind.PROPORTION,
            "treated_events": 7,
            "treated_total": 10,
            "control_events": 3,
            "control_total": 10,
            **fields,
        }
    )


def phenotype_association(*, references: Iterable[Reference] = (), **fields: Any) -> PhenotypeAssociation:
    """A draft phenotype association."""
    _fill(fields, autoantibody=autoantibody, manifestation=manifestation)
    claim = PhenotypeAssociation.objects.create(
        **{"population": Population.ADULT, "strength": AssociationStrength.TYPICAL, **fields}
    )
    for source in references:
        PhenotypeAssociationReference.objects.create(association=claim, reference=source)
    return claim


def recommendation(
    *, autoantibodies: Iterable[Autoantibody] = (), manifestations: Iterable[Manifestation] = (), **fields: Any
) -> Recommendation:
    """A draft recommendation about no treatment in particular."""
    _fill(fields, guideline=lambda: reference(publication_type=PublicationType.GUIDELINE))
    claim = Recommendation.objects.create(
        **{
            "population": Population.ADULT,
            "direction": RecommendationDirection.FOR,
            "strength": RecommendationStrength.CONDITIONAL,
            "statement": "A made-up recommendation.",
            **fields,
        }
    )
    for antibody in autoantibodies:
        RecommendationAutoantibody.objects.create(recommendation=claim, autoantibody=antibody)
    for feature in manifestations:
        RecommendationManifestation.objects.create(recommendation=claim, manifestation=feature)
    return claim


def appraisal(*, rests_on: Iterable[Evidence] = (), **fields: Any) -> Appraisal:
    """A draft appraisal."""
    _fill(fields, treatment=treatment, manifestation=manifestation, certainty=certainty_level)
    claim = Appraisal.objects.create(**{"population": Population.ADULT, "bottom_line": "Made up.", **fields})
    for entry in rests_on:
        AppraisalEvidence.objects.create(appraisal=claim, evidence=entry)
    return claim


def dismissal(**fields: Any) -> Dismissal:
    """A finding that a made-up person judged to be no fault."""
    number = next(_number)
    _fill(fields, dismissed_by=person)
    return Dismissal.objects.create(
        **{
            "check_name": "percentage",
            "key": f"{number:016x}",
            "fingerprint": f"{number:064x}",
            "sentence": "A made-up finding.",
            "reason": "The made-up source prints it so.",
            **fields,
        }
    )


def evidence_import(**fields: Any) -> EvidenceImport:
    """A spreadsheet that a made-up curator uploaded and did not import yet."""
    _fill(fields, uploaded_by=person)
    return EvidenceImport.objects.create(
        **{"file_name": "made-up.csv", "sha256": "0" * 64, "content": b"entry\n", **fields}
    )


def literature_query(**fields: Any) -> LiteratureQuery:
    number = next(_number)
    return LiteratureQuery.objects.create(
        **{"name": f"Example query {number}", "term": "made-up", "since": date(2026, 11, 1), **fields}
    )


def candidate(**fields: Any) -> Candidate:
    """A paper in the literature inbox that nobody decided about."""
    number = next(_number)
    if "file_name" not in fields:
        _fill(fields, query=literature_query)
    return Candidate.objects.create(
        **{
            "title": f"A made-up paper in the inbox, number {number}",
            "pmid": str(999_000_000 + number),
            "authors": "Example A, Sample B",
            "journal": "J Made Up Results",
            "year": 2026,
            "abstract": "Nothing of this ever happened.",
            **fields,
        }
    )


CLAIMS: dict[str, Callable[..., Any]] = {
    "evidence": evidence,
    "phenotype association": phenotype_association,
    "recommendation": recommendation,
    "appraisal": lambda **fields: appraisal(rests_on=[published(evidence())], **fields),
}


def published(claim: AnyClaim, **fields: Any) -> AnyClaim:
    """``claim``, until now a draft, published: by two people if one wrote it, else with a made-up release."""
    now = timezone.now()
    if claim.author_id:
        claim.status, claim.submitted_at = ClaimStatus.IN_REVIEW, now
        claim.save()
        origin = {"reviewer": _declared(claim.reviewer or fields.pop("reviewer", None) or person()), "reviewed_at": now}
    else:
        origin = {"release": release()}
    changes = {"status": ClaimStatus.PUBLISHED, "published_at": now, **origin, **fields}
    for name, value in changes.items():
        setattr(claim, name, value)
    claim.save()
    return claim


def next_version(claim: AnyClaim, **fields: Any) -> AnyClaim:
    """The draft of the version after ``claim``, with the same content, results and links left out."""
    model = type(claim)
    copied = {
        field.attname: getattr(claim, field.attname)
        for field in model._meta.concrete_fields
        if field.name not in NOT_REVISED and not isinstance(field, GeneratedField)
    }
    return model.objects.create(**{**copied, "version": claim.version + 1, "supersedes": claim, **fields})


def superseded(claim: AnyClaim) -> AnyClaim:
    """``claim``, until now published, as it is once its next version is: by the end of the transaction it has to be."""
    claim.status, claim.superseded_at = ClaimStatus.SUPERSEDED, timezone.now()
    claim.save()
    return claim


@transaction.atomic
def replaced(claim: AnyClaim, **fields: Any) -> AnyClaim:
    """``claim``, until now published, superseded by a next version that says the same but for ``fields``."""
    superseded(claim)
    published(next_version(claim, **fields))
    return claim


def retracted(claim: AnyClaim, reason: str = "The made-up study never took place.") -> AnyClaim:
    """``claim``, until now published, withdrawn."""
    claim.status, claim.retracted_at, claim.retraction_reason = ClaimStatus.RETRACTED, timezone.now(), reason
    claim.save()
    return claim
