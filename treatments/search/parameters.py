"""What a search takes, for pages and API alike."""

import django_filters
from django.http import QueryDict

from treatments.filtering import MAX_SEARCH_LENGTH, AnyOf, StrictFilterSet, validate_searchable
from treatments.models import DatasetRevision

from .kinds import Kind


class TextParameter(StrictFilterSet):
    """The text to search for, as strictly as every filter."""

    q = django_filters.CharFilter(
        label="Text to search for", max_length=MAX_SEARCH_LENGTH, validators=[validate_searchable]
    )

    def __init__(self, data: QueryDict) -> None:
        # It narrows no list: what it takes is put to all kinds of records at once.
        super().__init__(data, queryset=DatasetRevision.objects.none())

    @property
    def text(self) -> str:
        """The text asked for; empty where none was given."""
        return self.form.cleaned_data["q"]


class SearchParameters(TextParameter):
    """The text, and the kinds of records wanted."""

    kind = AnyOf(Kind, label="Kind of record")

    @property
    def kinds(self) -> list[Kind]:
        """The kinds asked for; empty for all."""
        return [Kind(value) for value in self.form.cleaned_data["kind"]]
