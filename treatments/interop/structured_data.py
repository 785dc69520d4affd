"""What a page is about in the words of schema.org, as JSON-LD.

Only facts that the records hold. Nothing here says that a treatment is possible, indicated or recommended: that
something was studied is no such statement.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from treatments.models import (
    Autoantibody,
    CertaintyLevel,
    Claim,
    Evidence,
    EvidenceLevel,
    Manifestation,
    Mechanism,
    OutcomeMeasure,
    PhenotypeAssociation,
    Recommendation,
    Reference,
    Release,
    Treatment,
    Trial,
)
from treatments.models.choices import ClaimStatus, PublicationType, RetractionStatus, TreatmentKind, TrialStatus
from treatments.models.identifiers import IDENTIFIERS
from treatments.titles import title as title_of

from .citations import authors, is_article
from .citing import NAME

Node = dict[str, Any]

# As Django does it for its own blocks of JSON: no text can end the element it stands in.
_ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})

# The list that a record's page stands under, as its trail says.
LISTS: dict[type, tuple[str, str]] = {
    Treatment: ("Treatments", "web:treatments"),
    Mechanism: ("Mechanisms", "web:mechanisms"),
    Autoantibody: ("Autoantibodies", "web:autoantibodies"),
    Manifestation: ("Manifestations", "web:manifestations"),
    OutcomeMeasure: ("Outcome measures", "web:outcome-measures"),
    EvidenceLevel: ("Evidence levels", "web:evidence-levels"),
    CertaintyLevel: ("Certainty levels", "web:certainty-levels"),
    Reference: ("References", "web:references"),
    Trial: ("Trials", "web:trials"),
    Evidence: ("Evidence", "web:evidence-list"),
    PhenotypeAssociation: ("Phenotype associations", "web:phenotype-associations"),
    Recommendation: ("Recommendations", "web:recommendations"),
    Release: ("Releases", "web:releases"),
}
# A class, a combination, a procedure and the like are no drug.
DRUGS = (TreatmentKind.SMALL_MOLECULE, TreatmentKind.BIOLOGIC, TreatmentKind.BLOOD_PRODUCT)
TRIAL_STATUS = {
    TrialStatus.NOT_YET_RECRUITING: "NotYetRecruiting",
    TrialStatus.RECRUITING: "Recruiting",
    TrialStatus.ACTIVE: "ActiveNotRecruiting",
    TrialStatus.COMPLETED: "Completed",
    TrialStatus.SUSPENDED: "Suspended",
    TrialStatus.TERMINATED: "Terminated",
    TrialStatus.WITHDRAWN: "Withdrawn",
}


def script(nodes: Iterable[Node | None]) -> SafeString:
    """The nodes as a script element of type ``application/ld+json``."""
    document = {"@context": "https://schema.org", "@graph": [node for node in nodes if node]}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 escaped above


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _seen(node: Node) -> Node:
    """``node`` without what was not recorded."""
    return {name: value for name, value in node.items() if value not in (None, "", [], {})}


# Records --------------------------------------------------------------------------------------------------------------


def about(record: Any) -> Node | None:
    """The node of a record; None where schema.org has no word for it."""
    match record:
        case Treatment():
            return treatment(record)
        case Trial():
            return trial(record)
        case Reference():
            return reference(record)
        case Manifestation():
            return manifestation(record)
        case Autoantibody():
            return autoantibody(record)
        case Recommendation():
            return recommendation(record)
        case Claim():
            return claim(record)
        case Release():
            return release(record)
    return None


def _record(kind: str, record: Any) -> Node:
    """What every record has: a type, an identity (its page), a name."""
    address = absolute(record.get_absolute_url())
    return {"@type": kind, "@id": f"{address}#record", "url": address, "name": title_of(record)}


def _identifiers(record: Any, *kinds: str) -> list[Node]:
    return [
        {
            "@type": "PropertyValue",
            "propertyID": IDENTIFIERS[kind].name,
            "value": value,
            "url": IDENTIFIERS[kind].link(value),
        }
        for kind in kinds
        if (value := getattr(record, kind))
    ]


def _code(record: Any, kind: str) -> Node | None:
    value = getattr(record, kind)
    if not value:
        return None
    return {"@type": "MedicalCode", "codeValue": value, "codingSystem": IDENTIFIERS[kind].name}


def treatment(record: Treatment) -> Node:
    """A drug, or a therapy of another kind."""
    is_drug = record.kind in DRUGS
    node = _record("Drug" if is_drug else "MedicalTherapy", record) | {
        "description": record.summary,
        "alternateName": [*record.synonyms, *record.brand_names],
        "code": _code(record, "atc_code"),
        "identifier": _identifiers(record, "chembl_id", "drugbank_id", "unii"),
        "contraindication": record.contraindications,
    }
    if is_drug:
        node |= {
            "proprietaryName": record.brand_names,
            "administrationRoute": record.routes,
            "rxcui": record.rxnorm_cui,
            "drugClass": {"@type": "DrugClass", "name": record.drug_class} if record.drug_class else None,
            "warning": record.boxed_warning,
            "pregnancyWarning": record.pregnancy,
        }
    return _seen(node)


def trial(record: Trial) -> Node:
    """A registry record. Without a phase it may be an observational study, so it is only called a study."""
    status = TRIAL_STATUS.get(TrialStatus(record.status))
    return _seen(
        _record("MedicalTrial" if record.phase else "MedicalStudy", record)
        | {
            "alternateName": record.acronym,
            "identifier": _identifiers(record, "nct_id"),
            "sameAs": IDENTIFIERS["nct_id"].link(record.nct_id),
            "status": f"https://schema.org/{status}" if status else None,
            "sponsor": {"@type": "Organization", "name": record.sponsor} if record.sponsor else None,
        }
    )


def reference(record: Reference) -> Node:
    """A publication with its authors, as far as they were recorded."""
    kind = "MedicalScholarlyArticle" if is_article(record) else "CreativeWork"
    if record.publication_type == PublicationType.NEWS_REPORT:
        kind = "NewsArticle"
    return _seen(
        _record(kind, record)
        | {
            "headline": record.title,
            "author": [
                {"@type": "Organization", "name": one.family}
                if one.is_group
                else _seen(
                    {"@type": "Person", "familyName": one.family, "name": f"{one.family} {one.initials}".strip()}
                )
                for one in authors(record).named
            ],
            "datePublished": str(record.year or ""),
            "isPartOf": {"@type": "Periodical", "name": record.journal} if is_article(record) else None,
            "pagination": record.pages,
            "identifier": _identifiers(record, "doi", "pmid", "pmcid"),
            "sameAs": [
                IDENTIFIERS[kind].link(value) for kind in ("doi", "pmid", "pmcid") if (value := getattr(record, kind))
            ],
            "creativeWorkStatus": ""
            if record.retraction_status == RetractionStatus.NONE_RECORDED
            else record.get_retraction_status_display(),
        }
    )


def manifestation(record: Manifestation) -> Node:
    """A clinical feature where it has its HPO term; some are domains that studies report on."""
    return _seen(
        _record("MedicalSignOrSymptom" if record.hpo_id else "MedicalEntity", record)
        | {
            "description": record.description,
            "alternateName": record.synonyms,
            "code": _code(record, "hpo_id"),
            "sameAs": IDENTIFIERS["hpo_id"].link(record.hpo_id) if record.hpo_id else None,
        }
    )


def autoantibody(record: Autoantibody) -> Node:
    return _seen(
        _record("MedicalEntity", record)
        | {
            "description": record.description,
            "alternateName": [record.full_name, *record.synonyms],
            "identifier": _identifiers(record, "uniprot_id"),
        }
    )


def _version(kind: str, record: Claim) -> Node:
    """What every claim has: its version at its permanent address, and when that stood."""
    address = absolute(record.get_version_url())
    return {
        "@type": kind,
        "@id": f"{address}#record",
        "url": address,
        "name": f"{record.accession}, version {record.version}: {title_of(record)}",
        "identifier": record.accession,
    }


def claim(record: Any) -> Node:
    """Something asserted, in our words, with what it is about and where it was read."""
    named = [getattr(record, name, None) for name in ("treatment", "manifestation", "autoantibody")]
    source = getattr(record, "reference", None)
    return _seen(
        _version("Claim", record)
        | {
            "version": str(record.version),
            "text": getattr(record, "statement", "") or getattr(record, "bottom_line", "") or record.note,
            "datePublished": record.published_at.isoformat() if record.published_at else None,
            "creativeWorkStatus": "" if record.status == ClaimStatus.PUBLISHED else record.get_status_display(),
            "about": [node for one in named if one is not None and (node := _link(one))],
            "citation": _link(source) if source is not None else None,
            "isPartOf": {"@id": absolute("/#dataset")},
        }
    )


def recommendation(record: Recommendation) -> Node:
    """A statement of a guideline, with the strength the guideline gives it."""
    return _seen(
        _version("MedicalGuidelineRecommendation", record)
        | {
            "description": record.statement,
            "recommendationStrength": f"{record.get_direction_display()}: {record.get_strength_display()}",
            "guidelineSubject": _link(record.treatment) if record.treatment else None,
            "evidenceOrigin": str(record.guideline),
        }
    )


def _link(record: Any) -> Node:
    """Another record by type, identity and name: the rest is on its own page."""
    node = about(record) or {}
    return {name: node[name] for name in ("@type", "@id", "url", "name") if name in node}


# Pages ----------------------------------------------------------------------------------------------------------------


def breadcrumbs(*trail: tuple[str, str]) -> Node:
    """Where a page stands: names and paths from the home page on."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate([("Home", reverse("web:home")), *trail], start=1)
        ],
    }


def trail_of(record: Any) -> list[tuple[str, str]]:
    """The list a record stands in, and the record."""
    listed = LISTS.get(type(record))
    above = [(listed[0], reverse(listed[1]))] if listed else []
    name = record.accession if isinstance(record, Claim) else title_of(record)
    return [*above, (name, record.get_absolute_url())]


def dataset(revision: Any) -> Node:
    """The data set as a whole."""
    return _seen(
        {
            "@type": "Dataset",
            "@id": absolute("/#dataset"),
            "name": NAME,
            "description": (
                "What has been tried in dermatomyositis, in whom, how well it worked and how sure we are: treatments,"
                " autoantibodies, mechanisms, trials, guideline recommendations and graded evidence, each with its"
                " source. A reference work, not medical advice."
            ),
            "url": absolute(reverse("web:home")),
            "license": absolute(f"{reverse('web:methods')}#licence"),
            "isAccessibleForFree": True,
            "version": str(revision.number),
            "dateModified": revision.changed_at.isoformat() if revision.number else None,
            "about": {"@id": absolute("/#dermatomyositis")},
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": "application/json",
                    "contentUrl": absolute(reverse("api:root")),
                }
            ],
        }
    )


def release(record: Release) -> Node:
    """One release: a data set of its own, with its files, that never changes."""
    snapshot = getattr(record, "snapshot", None)
    address = absolute(record.get_absolute_url())
    return _seen(
        {
            "@type": "Dataset",
            "@id": f"{address}#record",
            "name": f"{NAME}, release {record.name}",
            "description": record.notes or record.title,
            "url": address,
            "license": absolute(f"{reverse('web:methods')}#licence"),
            "isAccessibleForFree": True,
            "version": record.name,
            "datePublished": record.released_on.isoformat(),
            "isPartOf": {"@id": absolute("/#dataset")},
            "about": {"@id": absolute("/#dermatomyositis")},
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": file.name,
                    "encodingFormat": file.media_type,
                    "contentSize": f"{file.size} B",
                    "sha256": file.sha256,
                    "contentUrl": absolute(reverse("web:release-file", args=[record.name, file.name])),
                }
                for file in (snapshot.files.all() if snapshot else ())
            ],
        }
    )


def condition(manifestations: Iterable[Manifestation]) -> Node:
    """The disease, with its clinical features that have an HPO term."""
    return _seen(
        {
            "@type": "MedicalCondition",
            "@id": absolute("/#dermatomyositis"),
            "name": "Dermatomyositis",
            "url": absolute(reverse("web:home")),
            "signOrSymptom": [_link(one) | {"code": _code(one, "hpo_id")} for one in manifestations if one.hpo_id],
        }
    )


def website() -> Node:
    return {"@type": "WebSite", "@id": absolute("/#site"), "name": NAME, "url": absolute(reverse("web:home"))}
