"""A revision beside the version that readers see: what changed, to the word."""

import pytest

from tests import builders
from treatments.curation.comparison import State, compare
from treatments.curation.roles import CURATOR, REVIEWER
from treatments.curation.workflow import publish, start_revision, submit
from treatments.models import EvidenceAutoantibody

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions():
    """A published entry with two results and two antibodies, and its revision, so far the same."""
    author = builders.person(CURATOR)
    claim = builders.evidence(
        author=author, autoantibodies=[builders.autoantibody("anti-Kept"), builders.autoantibody("anti-Dropped")]
    )
    measure = builders.outcome_measure()
    builders.result(claim, measure=measure, label="Made-up response", treated_value="79", treated_unit="%")
    builders.result(claim, measure=measure, label="Another response")
    publish(submit(claim, author), builders.person(REVIEWER))
    return claim, start_revision(claim, author, "An erratum.")


def differences(before, after):
    return {
        (section.title, line.label, line.state): line
        for section in compare(before, after).differing
        for line in section.lines
    }


def text(pieces):
    return "".join(piece.text for piece in pieces)


def changed(pieces):
    return [piece.text for piece in pieces if piece.changed]


def test_a_fresh_revision_says_the_same(versions):
    comparison = compare(*versions)
    assert comparison.number_of_differences == 0
    assert comparison.number_of_same > 10


def test_changed_words_of_a_field_are_marked(versions):
    before, after = versions
    after.statement = "A made-up, later finding."
    after.regimen = "10 mg, made up"
    after.save()
    found = differences(before, after)
    statement = found["What it says", "Statement", State.CHANGED]
    assert (text(statement.before), text(statement.after)) == ("A made-up finding.", "A made-up, later finding.")
    assert changed(statement.before) == ["made-up"]
    assert changed(statement.after) == ["made-up, later"]
    assert text(found["What it says", "Regimen", State.ADDED].after) == "10 mg, made up"
    assert len(found) == 2


def test_a_text_of_many_pages_is_shown_whole(versions):
    before, after = versions
    after.statement = "made up " * 10_000
    after.save()
    statement = differences(before, after)["What it says", "Statement", State.CHANGED]
    assert changed(statement.before) == ["A made-up finding."]
    assert [len(piece) for piece in changed(statement.after)] == [len("made up " * 10_000)]


def test_a_figure_that_became_more_exact_is_a_change_of_one_result(versions):
    before, after = versions
    result = after.results.get(label="Made-up response")
    result.treated_value = "79.0"
    result.save()
    (line,) = differences(before, after).values()
    assert line.state is State.CHANGED
    assert changed(line.before) == ["79"]
    assert changed(line.after) == ["79.0"]


def test_results_and_links_that_came_and_went_are_told(versions):
    before, after = versions
    after.results.get(label="Another response").delete()
    builders.result(after, label="A third response")
    EvidenceAutoantibody.objects.get(evidence=after, autoantibody__name__startswith="anti-Dropped").delete()
    EvidenceAutoantibody.objects.create(evidence=after, autoantibody=builders.autoantibody("anti-Added"))
    found = differences(before, after)
    assert "Another response" in text(found["Results", "Result", State.REMOVED].before)
    assert "A third response" in text(found["Results", "Result", State.ADDED].after)
    assert text(found["Autoantibodies", "Autoantibody", State.REMOVED].before).startswith("anti-Dropped")
    assert text(found["Autoantibodies", "Autoantibody", State.ADDED].after).startswith("anti-Added")
    assert len(found) == 4


def test_a_comparison_takes_the_same_number_of_queries_however_long(versions, django_assert_max_num_queries):
    before, after = versions
    with django_assert_max_num_queries(10) as few:
        compare(before, after)
    for _ in range(4):
        builders.result(after)
    with django_assert_max_num_queries(10) as many:
        compare(before, after)
    assert len(few) == len(many)


@pytest.mark.parametrize("kind", builders.CLAIMS)
def test_every_kind_of_claim_is_compared(kind):
    author = builders.person(CURATOR)
    claim = publish(submit(builders.CLAIMS[kind](author=author), author), builders.person(REVIEWER))
    revision = start_revision(claim, author, "An erratum.")
    revision.source_checks = [builders.PRIMARY_CHECK]
    revision.save()
    (line,) = differences(claim, revision).values()
    assert (line.label, line.state) == ("Source checks", State.ADDED)
