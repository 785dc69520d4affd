import pytest
from django.http import QueryDict

from treatments.filters import EvidenceFilter, ReferenceFilter
from treatments.models import Evidence, Reference
from treatments.web.presenters.filters import chips, facet, hidden, without

pytestmark = pytest.mark.django_db


def evidence_filter(query):
    return EvidenceFilter(QueryDict(query), queryset=Evidence.objects.published())


def test_a_chosen_value_is_checked_and_counted():
    shown = facet(evidence_filter("direction=mixed&direction=harm"), "direction")
    assert shown.control == "many"
    assert shown.chosen == 2
    assert [option.value for option in shown.options if option.chosen] == ["mixed", "harm"]


def test_what_was_typed_is_kept_with_what_is_wrong_about_it():
    shown = facet(ReferenceFilter(QueryDict("year_from=soon"), queryset=Reference.objects.all()), "year_from")
    assert (shown.control, shown.value) == ("number", "soon")
    assert shown.errors
    assert shown.active


@pytest.mark.parametrize(
    ("name", "control"),
    [("autoantibody", "many"), ("primary_checked", "one"), ("published_since", "date"), ("search", "text")],
)
def test_every_filter_has_the_control_that_suits_it(name, control):
    assert facet(evidence_filter(""), name).control == control


def test_each_value_has_a_chip_that_takes_it_away_alone():
    found = evidence_filter("autoantibody=anti-mda5&direction=mixed&direction=harm&ordering=level&page=2")
    shown = [facet(found, name) for name in ("autoantibody", "direction")]
    assert [(chip.label, chip.value, chip.query) for chip in chips(found, shown)] == [
        ("Autoantibody", "Anti-MDA5", "direction=mixed&direction=harm&ordering=level"),
        ("Direction", "Mixed", "autoantibody=anti-mda5&direction=harm&ordering=level"),
        ("Direction", "Harm", "autoantibody=anti-mda5&direction=mixed&ordering=level"),
    ]


def test_an_unknown_parameter_has_a_chip_too_so_that_it_can_be_removed():
    (chip,) = chips(evidence_filter("colour=blue"), [])
    assert (chip.label, chip.value, chip.query) == ("Colour", "blue", "")


def test_filters_without_a_control_travel_along():
    found = evidence_filter("reference=aggarwal-2022-ivig&direction=mixed")
    assert hidden(found, ["direction"]) == [("reference", "aggarwal-2022-ivig")]


def test_taking_a_value_away_goes_back_to_the_first_page():
    assert without(QueryDict("level=2&page=3"), "level", "2") == ""
