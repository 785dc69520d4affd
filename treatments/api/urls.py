"""Addresses of the API, version 1."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from . import changes, evidence_map, finder, search, views

app_name = "api"

router = SimpleRouter()
router.register("treatments", views.Treatments, "treatments")
router.register("mechanisms", views.Mechanisms, "mechanisms")
router.register("autoantibodies", views.Autoantibodies, "autoantibodies")
router.register("manifestations", views.Manifestations, "manifestations")
router.register("evidence", views.EvidenceEntries, "evidence")
router.register("phenotype-associations", views.PhenotypeAssociations, "phenotype-associations")
router.register("recommendations", views.Recommendations, "recommendations")
router.register("appraisals", views.Appraisals, "appraisals")
router.register("references", views.References, "references")
router.register("trials", views.Trials, "trials")
router.register("outcome-measures", views.OutcomeMeasures, "outcome-measures")
router.register("evidence-levels", views.EvidenceLevels, "evidence-levels")
router.register("certainty-levels", views.CertaintyLevels, "certainty-levels")
router.register("releases", views.Releases, "releases")

urlpatterns = [
    path("", views.Root.as_view(), name="root"),
    path("changes/", changes.Changes.as_view(), name="changes"),
    path("schema/", views.Schema.as_view(), name="schema"),
    path("docs/", views.SwaggerUI.as_view(), name="docs"),
    path("redoc/", views.ReDoc.as_view(), name="redoc"),
    path("evidence-map/", evidence_map.EvidenceMap.as_view(), name="evidence-map"),
    path("finder/", finder.Finder.as_view(), name="finder"),
    path("search/", search.Search.as_view(), name="search"),
    *router.urls,
]
