"""ClinicalTrials.gov, API version 2 (https://clinicaltrials.gov/data-api/api): trials by their NCT numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings

from treatments.models.choices import TrialPhase, TrialStatus
from treatments.models.identifiers import IDENTIFIERS

from .records import Record, plain, trial_record
from .service import Service, ServiceError, batches

NAME = "ClinicalTrials.gov"
A_BATCH = 50
A_SECOND = 0.8  # about fifty a minute are taken

STATUSES = {
    "NOT_YET_RECRUITING": TrialStatus.NOT_YET_RECRUITING,
    "RECRUITING": TrialStatus.RECRUITING,
    "ENROLLING_BY_INVITATION": TrialStatus.RECRUITING,
    "ACTIVE_NOT_RECRUITING": TrialStatus.ACTIVE,
    "COMPLETED": TrialStatus.COMPLETED,
    "SUSPENDED": TrialStatus.SUSPENDED,
    "TERMINATED": TrialStatus.TERMINATED,
    "WITHDRAWN": TrialStatus.WITHDRAWN,
}
PHASES = {
    ("PHASE1",): TrialPhase.PHASE_1,
    ("PHASE1", "PHASE2"): TrialPhase.PHASE_1_2,
    ("PHASE2",): TrialPhase.PHASE_2,
    ("PHASE2", "PHASE3"): TrialPhase.PHASE_2_3,
    ("PHASE3",): TrialPhase.PHASE_3,
    ("PHASE4",): TrialPhase.PHASE_4,
}


def by_nct_id(numbers: Sequence[str], today: date) -> dict[str, Record]:
    """The trials with these numbers, as far as the registry has them; their status is that of ``today``."""
    service = Service(NAME, settings.CLINICALTRIALS_URL, A_SECOND)
    found: dict[str, Record] = {}
    for batch in batches(list(dict.fromkeys(numbers)), A_BATCH):
        question = {"filter.ids": ",".join(batch), "pageSize": A_BATCH, "format": "json"}
        studies = service.object_in(service.get("/studies", question)).get("studies")
        if not isinstance(studies, list):
            raise ServiceError(f"{NAME} gave an answer that cannot be read.")
        for study in studies:
            protocol = _dict(_dict(study).get("protocolSection"))
            record = _record(protocol, today)
            if "nct_id" in record.values and record.title:
                # A trial that was registered twice keeps its other numbers as aliases.
                aliases = _dict(protocol.get("identificationModule")).get("nctIdAliases")
                for number in (record.values["nct_id"], *(aliases if isinstance(aliases, list) else ())):
                    found.setdefault(plain(number), record)
    return {number: found[number] for number in numbers if number in found}


def _record(protocol: dict[str, Any], today: date) -> Record:
    named, design = _dict(protocol.get("identificationModule")), _dict(protocol.get("designModule"))
    phases, enrolled = design.get("phases"), _dict(design.get("enrollmentInfo")).get("count")
    nct_id = plain(named.get("nctId"))
    return trial_record(
        {
            "nct_id": nct_id,
            "acronym": plain(named.get("acronym")),
            "title": plain(named.get("officialTitle") or named.get("briefTitle")),
            "phase": PHASES.get(tuple(map(plain, phases)), "") if isinstance(phases, list) else "",
            "status": STATUSES.get(
                plain(_dict(protocol.get("statusModule")).get("overallStatus")), TrialStatus.UNKNOWN
            ),
            "status_as_of": today.isoformat(),
            "enrollment": enrolled if isinstance(enrolled, int) and 0 < enrolled < 2**31 else None,
            "sponsor": plain(_dict(_dict(protocol.get("sponsorCollaboratorsModule")).get("leadSponsor")).get("name")),
        },
        origin=NAME,
        address=IDENTIFIERS["nct_id"].link(nct_id) if IDENTIFIERS["nct_id"].matches(nct_id) else "",
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
