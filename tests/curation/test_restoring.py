"""A draft is taken back to an earlier state, fields, results and links; nothing is lost, and what is public stays."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests import builders
from treatments.curation.history import changes_of
from treatments.curation.restoring import preview, restore, states_of
from treatments.curation.roles import CURATOR, EDITOR, REVIEWER
from treatments.curation.workflow import WorkflowError, publish, submit
from treatments.models import Evidence, EvidenceAutoantibody, Result

pytestmark = pytest.mark.django_db(transaction=True)


def test_fields_results_and_links_come_back_and_nothing_is_lost():
    curator = builders.person(CURATOR)
    first, second = builders.autoantibody(), builders.autoantibody()
    draft = builders.evidence(author=curator, statement="As it was.", autoantibodies=[first])
    kept = builders.result(draft, label="Kept", effect_value=Decimal("79.0"))
    gone = builders.result(draft, label="Taken away")
    then = states_of(draft)[0]
    first_name, gone_key = str(first), gone.pk

    Evidence.objects.filter(pk=draft.pk).update(statement="As it became.", n_treated=12)
    Result.objects.filter(pk=kept.pk).update(label="Renamed", effect_value=Decimal(79))
    gone.delete()
    builders.result(draft, label="Added since")
    draft.autoantibody_links.all().delete()
    EvidenceAutoantibody.objects.create(evidence=draft, autoantibody=second)
    draft.refresh_from_db()
    now = states_of(draft)[0]

    told = {change.what: {f.name: (f.before, f.after) for f in change.fields} for change in preview(draft, then)}
    assert told["Evidence changed"]["Statement"] == ("As it became.", "As it was.")
    assert told["Result changed"]["Label"] == ("Renamed", "Kept")
    assert told["Result added again"]["Label"] == ("", "Taken away")
    assert told["Result taken away"]["Label"] == ("Added since", "")
    assert first_name in {after for change in preview(draft, then) for _, after in told[change.what].values()}

    restore(draft, then, curator, "The later figures were another study's.")
    assert (draft.statement, draft.n_treated) == ("As it was.", None)
    results = list(draft.results.order_by("pk").values_list("pk", "label"))
    assert results == [(kept.pk, "Kept"), (gone_key, "Taken away")]
    assert str(Result.objects.get(pk=kept.pk).effect_value) == "79.0"
    assert list(draft.autoantibodies.all()) == [first]
    assert draft.author == curator
    latest = changes_of(draft)[0]
    assert (latest.who, latest.step) == (curator.username, "restore")
    assert latest.reason == "The later figures were another study's."

    restore(draft, now, curator, "On second thoughts.")
    assert (draft.statement, draft.n_treated) == ("As it became.", 12)
    assert {row.label for row in draft.results.all()} == {"Renamed", "Added since"}
    assert list(draft.autoantibodies.all()) == [second]
    with pytest.raises(WorkflowError, match="says the same already"):
        restore(draft, states_of(draft)[0], curator, "Again.")


def test_only_a_draft_is_restored_by_who_may_edit_it_with_a_reason():
    curator, reviewer = builders.person(CURATOR), builders.person(REVIEWER)
    draft = builders.evidence(author=curator, statement="As it was.")
    then = states_of(draft)[0]
    Evidence.objects.filter(pk=draft.pk).update(statement="As it became.")
    draft.refresh_from_db()
    with pytest.raises(WorkflowError, match="Say why"):
        restore(draft, then, curator, "  ")
    with pytest.raises(WorkflowError, match="Your roles do not include this"):
        restore(draft, then, builders.person(EDITOR), "Made up.")
    submit(draft, curator)
    with pytest.raises(WorkflowError, match="only a draft"):
        restore(draft, then, curator, "Made up.")
    publish(draft, reviewer)
    with pytest.raises(WorkflowError, match="A published claim is revised"):
        restore(draft, then, curator, "Made up.")
    draft.refresh_from_db()
    assert draft.statement == "As it became."


def test_in_the_admin_the_history_of_a_draft_leads_back():
    curator = builders.person(CURATOR)
    client = Client()
    client.force_login(curator)
    draft = builders.evidence(author=curator, statement="As it was.")
    then = states_of(draft)[0]
    Evidence.objects.filter(pk=draft.pk).update(statement="As it became.")
    history = client.get(reverse("admin:treatments_evidence_history", args=[draft.pk])).content.decode()
    address = reverse("admin:treatments_evidence_restore", args=[draft.pk])
    assert history.count(f'href="{address}?state=') == 1
    page = client.get(address, {"state": then.isoformat()})
    assert "As it was." in page.content.decode()
    refused = client.post(address, {"state": then.isoformat(), "reason": ""})
    assert refused.status_code == 409
    assert "Say why" in refused.content.decode()
    assert client.get(address, {"state": "2020-01-01T00:00:00+00:00"}).status_code == 404
    assert client.get(address, {"state": "soon"}).status_code == 404
    done = client.post(address, {"state": then.isoformat(), "reason": "Made up."}, follow=True)
    assert "says again what it said" in done.content.decode()
    draft.refresh_from_db()
    assert draft.statement == "As it was."
    publish(submit(draft, curator), builders.person(REVIEWER))
    history = client.get(reverse("admin:treatments_evidence_history", args=[draft.pk])).content.decode()
    assert address not in history
