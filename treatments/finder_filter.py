"""What the finder can be asked: its parameters, as refused or understood by pages, files and API alike."""

from collections.abc import Iterable
from typing import Any

import django_filters

from treatments.filtering import AnyLinked, StrictFilterSet
from treatments.finder import UNKNOWN, Question
from treatments.models import Autoantibody, Evidence, Manifestation
from treatments.models.choices import Population, Setting


class OneAutoantibody(django_filters.ModelChoiceFilter):
    """One autoantibody by its slug, or the word for not knowing it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Autoantibody.objects.all(),
            to_field_name="slug",
            null_value=UNKNOWN,
            null_label="Unknown or not tested",
            **kwargs,
        )
        self.extra["error_messages"] = {
            "invalid_choice": "There is no autoantibody “%(value)s”; one that is not known is “unknown”."
        }


class OneOf(django_filters.ChoiceFilter):
    """One of the values listed in ``choices``."""

    def __init__(self, choices: Iterable[Any], **kwargs: Any) -> None:
        pairs = [(choice.value, str(choice.label)) for choice in choices]
        super().__init__(choices=pairs, empty_label="Any", **kwargs)
        self.extra["error_messages"] = {"invalid_choice": "“%(value)s” is not one of the values."}


class FinderFilter(StrictFilterSet):
    """A question to the finder. It selects no rows itself: ``question`` is what ``finder.rank`` answers.

    A patient is adult or juvenile and in one setting, so "mixed" and "any" are nothing to ask for: entries on mixed
    populations and on any setting fit every question.
    """

    autoantibody = OneAutoantibody(label="Autoantibody")
    manifestation = AnyLinked(Manifestation, label="Manifestation")
    population = OneOf((Population.ADULT, Population.JUVENILE), label="Population")
    setting = OneOf((setting for setting in Setting if setting != Setting.ANY), label="Setting")

    passthrough = ()

    class Meta:
        model = Evidence
        fields: list[str] = []

    @property
    def question(self) -> Question:
        """What is asked; only for a valid query. Manifestations stand in the order of their names, each once."""
        if self.problems:
            raise ValueError("A query with problems asks nothing.")
        asked = self.form.cleaned_data
        antibody = asked["autoantibody"]
        return Question(
            autoantibody=antibody.slug if isinstance(antibody, Autoantibody) else antibody or "",
            manifestations=tuple(feature.slug for feature in asked["manifestation"]),
            population=asked["population"],
            setting=asked["setting"],
        )
