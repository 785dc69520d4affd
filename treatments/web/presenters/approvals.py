"""Approvals, with those for dermatomyositis first."""

from collections.abc import Iterable

from treatments.models import Approval


def dermatomyositis_first(approvals: Iterable[Approval]) -> list[Approval]:
    """Those whose label names the disease, then those whose wording was not seen, then the others."""
    order = {True: 0, None: 1, False: 2}
    return sorted(approvals, key=lambda approval: (order[approval.for_dermatomyositis], approval.region))


def approved_in(approvals: Iterable[Approval]) -> list[str]:
    """The regions where the label is known to name dermatomyositis."""
    return sorted({approval.region for approval in approvals if approval.for_dermatomyositis})
