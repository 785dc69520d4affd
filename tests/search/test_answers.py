"""What a search finds in the real data, and what it must never find or replace."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection

from tests import builders
from treatments.models import DatasetRevision, Evidence, Treatment, TrialTreatment
from treatments.search import SEARCHED, Answer, Hit, Kind, answer, suggest

pytestmark = pytest.mark.django_db


def key(hit: Hit) -> str:
    record = SEARCHED[hit.kind].public().get(pk=hit.pk)
    return getattr(record, "slug", "") or getattr(record, "nct_id", "") or record.accession


def keys(found: Answer, kind: Kind) -> list[str]:
    return [key(hit) for hit in found.hits.get(kind, [])]


def first(found: Answer) -> tuple[Kind, str]:
    hit = found.of(Kind)[0]
    return hit.kind, key(hit)


# Names ----------------------------------------------------------------------------------------------------------------

CALLED = [
    ("Xeljanz", Kind.TREATMENT, "tofacitinib"),
    ("xeljanz xr", Kind.TREATMENT, "tofacitinib"),
    ("CP 690,550", Kind.TREATMENT, "tofacitinib"),
    ("IVIg", Kind.TREATMENT, "ivig"),
    ("Acthar", Kind.TREATMENT, "repository-corticotropin"),
    ("Opzelura", Kind.TREATMENT, "ruxolitinib"),
    ("ECMO", Kind.TREATMENT, "ecmo"),
    ("cyclosporine", Kind.TREATMENT, "cyclosporine"),
    ("hematopoietic stem cell transplantation", Kind.TREATMENT, "autologous-hsct"),
    ("CADM-140", Kind.AUTOANTIBODY, "anti-mda5"),
    ("anti mda5", Kind.AUTOANTIBODY, "anti-mda5"),
    ("antiMDA5", Kind.AUTOANTIBODY, "anti-mda5"),
    ("MDA-5", Kind.AUTOANTIBODY, "anti-mda5"),
    ("IFIH1", Kind.AUTOANTIBODY, "anti-mda5"),
    ("p155/140", Kind.AUTOANTIBODY, "anti-tif1-gamma"),
    ("TIF1 gamma", Kind.AUTOANTIBODY, "anti-tif1-gamma"),
    ("TIF1γ", Kind.AUTOANTIBODY, "anti-tif1-gamma"),
    ("TIF1-Γ", Kind.AUTOANTIBODY, "anti-tif1-gamma"),
    ("tif1g", Kind.AUTOANTIBODY, "anti-tif1-gamma"),
    ("PM Scl", Kind.AUTOANTIBODY, "anti-pm-scl"),
    ("Jo1", Kind.AUTOANTIBODY, "anti-jo1"),
    ("RPILD", Kind.MANIFESTATION, "rapidly-progressive-ild"),
    ("itch", Kind.MANIFESTATION, "pruritus"),
    ("subcutaneous edema", Kind.MANIFESTATION, "subcutaneous-edema"),
    ("JAK1", Kind.MECHANISM, "jak1"),
    ("FcRn", Kind.MECHANISM, "fcrn"),
    ("CDASI-A", Kind.OUTCOME_MEASURE, "cdasi"),
    ("ProDERM", Kind.TRIAL, "NCT02728752"),
]


@pytest.mark.parametrize(("text", "kind", "slug"), CALLED)
def test_a_record_comes_first_under_any_of_its_names(text, kind, slug):
    assert first(answer(text)) == (kind, slug)


@pytest.mark.parametrize(("text", "slug"), [("JAK1", "jak-stat"), ("CD28", "cd80-cd86"), ("TRIM33", "anti-tif1-gamma")])
def test_genes_find_what_they_are_recorded_for(text, slug):
    found = answer(text)
    assert slug in [*keys(found, Kind.MECHANISM), *keys(found, Kind.AUTOANTIBODY)]


def test_a_brand_name_finds_what_is_recorded_under_the_name_of_the_substance():
    by_brand, by_name = answer("Xeljanz"), answer("tofacitinib")
    assert set(keys(by_brand, Kind.EVIDENCE)) == set(keys(by_name, Kind.EVIDENCE))
    about = Evidence.objects.published().filter(treatment__slug="tofacitinib")
    assert set(about.values_list("accession", flat=True)) <= set(keys(by_brand, Kind.EVIDENCE))
    assert [match.subject.label for match in by_brand.named] == ["Tofacitinib"]


def test_a_spelling_of_its_own_finds_what_the_antibody_is_linked_to():
    linked = Evidence.objects.published().filter(autoantibodies__slug="anti-tif1-gamma")
    assert set(linked.values_list("accession", flat=True)) <= set(keys(answer("tif1g"), Kind.EVIDENCE))


# Identifiers and texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "slug"),
    [
        ("Aggarwal 2022", Kind.REFERENCE, None),
        ("Bata-Csorgo", Kind.REFERENCE, None),
        ("Trial of Intravenous Immune Globulin in Dermatomyositis", Kind.REFERENCE, "aggarwal-2022-ivig"),
        ("36198179", Kind.REFERENCE, "aggarwal-2022-ivig"),
        ("10.1002/ART.43066", Kind.REFERENCE, "abatacept-iim-phase3"),
        ("nct02728752", Kind.TRIAL, "NCT02728752"),
        ("ev00120", Kind.EVIDENCE, "EV00120"),
        ("RC00001", Kind.RECOMMENDATION, "RC00001"),
        ("PA00001", Kind.PHENOTYPE_ASSOCIATION, "PA00001"),
    ],
)
def test_publications_trials_and_claims_are_found(text, kind, slug):
    found = keys(answer(text), kind)
    assert found
    assert slug is None or found[0] == slug


def test_words_are_found_across_a_claim_and_what_it_is_about():
    found = answer("xeljanz calcinosis")
    expected = Evidence.objects.published().filter(treatment__slug="tofacitinib", manifestations__slug="calcinosis")
    assert set(expected.values_list("accession", flat=True)) <= set(keys(found, Kind.EVIDENCE))


def test_words_joined_by_a_slash_are_found_one_by_one():
    reference = builders.reference(title="Exampletinib in polymyositis/zebrafishosis")
    assert reference.slug in keys(answer("zebrafishosis"), Kind.REFERENCE)
    assert reference.slug in keys(answer("polymyositis/zebrafishosis"), Kind.REFERENCE)


def test_or_minus_and_quotes_work_as_in_a_web_search():
    either, both = answer("rituximab or ivig").counts, answer("rituximab ivig").counts
    assert either[Kind.EVIDENCE] > answer("rituximab").counts[Kind.EVIDENCE] > both[Kind.EVIDENCE]
    every, without = (set(keys(answer(text), Kind.EVIDENCE)) for text in ("calcinosis", "calcinosis -juvenile"))
    assert without < every
    assert not without & set(keys(answer("juvenile calcinosis"), Kind.EVIDENCE))
    quoted = answer('"lung transplantation"').counts[Kind.EVIDENCE]
    assert 0 < quoted < answer("lung or transplantation").counts[Kind.EVIDENCE]


def test_what_is_only_to_be_left_out_asks_for_nothing():
    assert answer("-zebrafishosis").total == 0


def test_trials_are_found_by_the_names_of_what_they_try():
    trial, treatment = builders.trial(), builders.treatment(brand_names=["Zebrafia"])
    TrialTreatment.objects.create(trial=trial, treatment=treatment)
    assert keys(answer("Zebrafia"), Kind.TRIAL) == [trial.nct_id]


def test_claims_about_it_come_before_those_that_mention_it_and_the_best_level_first():
    release = builders.release()
    drug, other = builders.treatment("Zebrafib"), builders.treatment()
    mention = builders.evidence(treatment=other, level=builders.evidence_level("2"), statement="Better than zebrafib.")
    weak = builders.evidence(treatment=drug, level=builders.evidence_level("4"), design="case_series")
    strong = builders.evidence(treatment=drug, level=builders.evidence_level("2"), statement="Zebrafib, zebrafib.")
    aside = builders.evidence(treatment=other, level=builders.evidence_level("2"), limitations="Some had zebrafib.")
    for claim in (mention, weak, strong, aside):
        builders.published(claim, release=release)
    found = keys(answer("zebrafib"), Kind.EVIDENCE)
    assert found == [claim.accession for claim in (strong, weak, mention, aside)]


def test_kinds_with_a_record_of_that_name_come_first():
    assert next(iter(answer("calcinosis").hits)) == Kind.MANIFESTATION
    assert next(iter(answer("anti-MDA5").hits)) == Kind.AUTOANTIBODY


# Typing errors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tofacitnib", "tofacitinib"),
        ("dermatomyostis", "dermatomyositis"),
        ("calcinossis", "calcinosis"),
        ("xeljnaz", "xeljanz"),
        ("Etanercpt", "etanercept"),
        ("azathiopurine", "azathioprine"),
        ("rapidly progresive ild", "rapidly progressive ild"),
        ("tofacitnib calcinossis", "tofacitinib calcinosis"),
        ("antimda5 calcinossis", "Anti-MDA5 calcinosis"),
    ],
)
def test_a_letter_wrong_in_a_name_is_put_right_and_said(typed, meant):
    found = answer(typed)
    assert found.read_as == meant
    assert found.asked == typed
    assert found.counts == answer(meant).counts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hypotension", "hypertension"),  # the opposite
        ("cycloserine", "cyclosporine"),  # another drug
        ("tofactinb", "tofacitinib"),
        ("methotrexat", "methotrexate"),
    ],
)
def test_what_is_less_certain_is_asked_about_and_not_searched(typed, meant):
    found = answer(typed)
    assert (found.read_as, found.meant) == ("", meant)
    assert found.total < answer(meant).total


@pytest.mark.parametrize(
    "typed", ["sirolimus", "golimumab", "abrocitinib", "MDA4", "PL-13", "JAK4", "CADM-141", "gout", "xyzzy"]
)
def test_another_drug_number_or_disease_is_never_taken_for_one_of_ours(typed):
    found = answer(typed)
    assert (found.total, found.read_as, found.meant) == (0, "", "")


def test_what_has_hits_is_never_replaced():
    claim = builders.published(builders.evidence(limitations="The word calcinossis stood in the paper."))
    found = answer("calcinossis")
    assert found.read_as == ""
    assert keys(found, Kind.EVIDENCE) == [claim.accession]


@pytest.mark.parametrize(
    ("typed", "near"),
    [("abrocitinib", "Baricitinib"), ("MDA4", "Anti-MDA5"), ("tofacitinib zebrafishosis", "Tofacitinib")],
)
def test_where_nothing_is_found_names_are_offered_to_go_on_with(typed, near):
    assert near in [match.subject.label for match in answer(typed).nearest]


# What must not be found -----------------------------------------------------------------------------------------------

TEXT = {
    "evidence": "statement",
    "phenotype association": "note",
    "recommendation": "statement",
    "appraisal": "bottom_line",
}


@pytest.mark.parametrize("kind", sorted(TEXT))
def test_only_what_is_published_is_found(kind):
    make, field = builders.CLAIMS[kind], TEXT[kind]
    make(**{field: "Zebrafishosis was drafted."})
    assert answer("zebrafishosis").total == 0
    claim = builders.published(make(**{field: "Zebrafishosis was published."}))
    assert [hit.pk for hit in answer("zebrafishosis").of(Kind)] == [claim.pk]
    make(accession=claim.accession, version=2, supersedes=claim, **{field: "Hippocamposis is being drafted."})
    assert answer("hippocamposis").total == 0
    builders.retracted(claim)
    assert answer("zebrafishosis").total == 0


def test_a_superseded_version_is_found_no_more():
    first_version = builders.published(builders.evidence(statement="Zebrafishosis."))
    second = builders.evidence(
        accession=first_version.accession, version=2, supersedes=first_version, statement="Hippocamposis."
    )
    builders.superseded(first_version)
    builders.published(second)
    assert answer("zebrafishosis").total == 0
    assert keys(answer("hippocamposis"), Kind.EVIDENCE) == [second.accession]
    assert keys(answer(second.accession), Kind.EVIDENCE) == [second.accession]


@pytest.mark.parametrize("state", ["draft", "superseded", "retracted"])
def test_no_word_of_an_unpublished_text_is_offered_as_a_correction(state):
    claim = builders.evidence(statement="Zebrafishosis improved.")
    if state != "draft":
        builders.published(claim)
        if state == "superseded":
            builders.replaced(claim, statement="Made up.")
        else:
            builders.retracted(claim)
    found = answer("zebrafishosiz")
    assert (found.total, found.read_as, found.meant, found.nearest) == (0, "", "", [])


@pytest.mark.parametrize("state", ["draft", "retracted"])
def test_the_accession_of_an_unpublished_claim_finds_nothing(state):
    claim = builders.evidence()
    if state == "retracted":
        builders.retracted(builders.published(claim))
    assert answer(claim.accession).total == 0
    assert suggest(claim.accession).total == 0


@pytest.mark.parametrize(
    "make", [builders.treatment, builders.autoantibody, builders.manifestation, builders.mechanism]
)
def test_a_retired_term_answers_with_its_successor(make):
    retired = {"retired_on": date(2026, 11, 1), "retirement_reason": "Merged."}
    heir = make("Heiria")
    between = make("Betweenia", successor=heir, **retired)
    last = make("Zebrafia", successor=between, **retired)
    for term in (between, last):
        (match,) = answer(term.name).named
        assert (match.subject.label, match.role) == (heir.name, "former_name")
        assert [option.subject.label for _, group in suggest(term.name).groups for option in group] == [heir.name]


def test_a_retired_term_without_a_successor_is_not_found():
    builders.treatment("Zebrafia", retired_on=date(2026, 11, 1), retirement_reason="It never existed.")
    assert answer("Zebrafia").total == 0
    assert suggest("Zebrafia").total == 0


# Names that are kept --------------------------------------------------------------------------------------------------


def test_a_change_made_elsewhere_is_seen_at_once(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "names"}}
    cache.clear()
    assert suggest("zebrafib").total == 0
    assert suggest("tofacitinib").total
    with connection.cursor() as cursor:
        cursor.execute("UPDATE treatments_treatment SET name = 'Zebrafib' WHERE slug = 'tofacitinib'")
    assert suggest("zebrafib").groups[0][1][0].subject.label == "Zebrafib"
    cache.clear()


def test_other_data_under_the_same_number_are_seen_at_once(settings):
    """A backup that was restored begins again at the number it was made at."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "names"}}
    cache.clear()
    number = DatasetRevision.current().number
    assert suggest("zebrafib").total == 0
    Treatment.objects.filter(slug="tofacitinib").update(name="Zebrafib")
    DatasetRevision.objects.update(number=number)
    assert suggest("zebrafib").total == 1
    cache.clear()
