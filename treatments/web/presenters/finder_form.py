"""The form of the finder, and addresses with a whole question in them."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from treatments.finder import UNKNOWN, Question
from treatments.finder_filter import FinderFilter
from treatments.models import Autoantibody, Manifestation
from treatments.models.choices import AutoantibodyGroup, Population, Setting

NO_ANTIBODY = "Negative or unknown"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Form:
    """The controls of the finder, holding what was asked."""

    antibodies: list[tuple[str, list[Choice]]]
    manifestations: list[Choice]
    populations: list[Choice]
    settings: list[Choice]
    errors: Mapping[str, list[str]]


def antibody_choices(antibodies: Iterable[Autoantibody], chosen: str = "") -> list[tuple[str, list[Choice]]]:
    """Antibodies by group; their absence and not knowing them stand together, as different answers.

    One no longer in use is there only if it is what was asked.
    """
    groups: dict[str, list[Choice]] = {str(group.label): [] for group in AutoantibodyGroup}
    groups[NO_ANTIBODY] = groups.pop(str(AutoantibodyGroup.NONE.label))
    for antibody in antibodies:
        if not _is_offered(antibody, [chosen]):
            continue
        label = NO_ANTIBODY if antibody.group == AutoantibodyGroup.NONE else str(antibody.get_group_display())
        groups[label].append(_choice(antibody, [chosen]))
    groups[NO_ANTIBODY].append(Choice(UNKNOWN, "Unknown or not tested", chosen == UNKNOWN))
    return [(label, choices) for label, choices in groups.items() if choices]


def _is_offered(term: Autoantibody | Manifestation, chosen: Container[str]) -> bool:
    return not term.retired_on or term.slug in chosen


def _choice(term: Autoantibody | Manifestation, chosen: Container[str]) -> Choice:
    name = f"{term.name} (no longer in use)" if term.retired_on else term.name
    return Choice(term.slug, name, term.slug in chosen)


def form(filterset: FinderFilter, antibodies: Iterable[Autoantibody], manifestations: Iterable[Manifestation]) -> Form:
    """The form for ``filterset``, with what was typed. Manifestations chosen stand first."""
    typed = {name: filterset.data.getlist(name) for name in filterset.filters}
    asked = typed["manifestation"]
    features = [_choice(row, asked) for row in manifestations if _is_offered(row, asked)]
    errors: dict[str, list[str]] = {}
    for problem in filterset.problems:
        errors.setdefault(problem.parameter, []).append(problem.detail)
    return Form(
        antibodies=antibody_choices(antibodies, "".join(typed["autoantibody"][-1:])),
        manifestations=sorted(features, key=lambda choice: not choice.chosen),
        populations=[
            Choice(value, label, value in typed["population"])
            for value, label in ((Population.ADULT.value, "Adults"), (Population.JUVENILE.value, "Juveniles"))
        ],
        settings=[
            Choice(setting.value, str(setting.label), setting.value in typed["setting"])
            for setting in Setting
            if setting != Setting.ANY
        ],
        errors=errors,
    )


def address(name: str, question: Question, *args: str) -> str:
    """The address of a page of the finder with the whole question in it."""
    asked = urlencode(question.parameters)
    return f"{reverse(name, args=args)}?{asked}" if asked else reverse(name, args=args)
