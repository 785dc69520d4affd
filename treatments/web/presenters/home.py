"""The ways in from the home page."""

from collections.abc import Iterable
from dataclasses import dataclass

from treatments.models import Autoantibody
from treatments.models.choices import AutoantibodyGroup
from treatments.tally import Tally


@dataclass(frozen=True)
class AntibodyGroup:
    """Antibodies of one group: those with direct evidence of efficacy and its count, and the others."""

    label: str
    studied: list[tuple[Autoantibody, Tally]]
    others: list[tuple[Autoantibody, Tally]]


def antibody_groups(counted: Iterable[tuple[Autoantibody, Tally]]) -> list[AntibodyGroup]:
    """Antibodies by group, in the order of the groups; within one, most efficacy entries first."""
    counted = sorted(counted, key=lambda pair: (-pair[1].efficacy, pair[0].name))
    groups = []
    for group in AutoantibodyGroup:
        pairs = [pair for pair in counted if pair[0].group == group.value]
        if pairs:
            groups.append(
                AntibodyGroup(
                    label=str(group.label),
                    studied=[pair for pair in pairs if pair[1].efficacy],
                    others=[pair for pair in pairs if not pair[1].efficacy],
                )
            )
    return groups
