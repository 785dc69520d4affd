"""Addresses of the pages. Slugs, codes and accessions are permanent; names are used by ``get_absolute_url``."""

from django.urls import path, register_converter
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from treatments.errors import takes_only

from .drawings import FormConverter
from .views import (
    changes,
    claims,
    comparison,
    evidence_downloads,
    evidence_list,
    evidence_map,
    finder,
    mechanism_map,
    plots,
    releases,
    search,
    site,
    sources,
    vocabulary,
)


class Accession:
    """EV00001, PA00001, RC00001, AP00001."""

    regex = "[A-Z]{2}[0-9]{5,17}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Accession, "accession")
register_converter(FormConverter, "form")

app_name = "web"

pages = [
    path("", site.home, name="home"),
    path("about/", site.methods, name="methods"),
    path("robots.txt", site.robots, name="robots"),
    path("changes/", changes.changes, name="changes"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggestions, name="search-suggestions"),
    path("find/", finder.find, name="finder"),
    path("find/download.csv", finder.download, name="finder-download"),
    path("find/<slug:slug>/", finder.behind, name="finder-treatment"),
    path("treatments/", vocabulary.treatments, name="treatments"),
    path("treatments/<slug:slug>/", vocabulary.treatment, name="treatment"),
    path("treatments/<slug:slug>/plots/", plots.treatment_plots, name="treatment-plots"),
    path("compare/", comparison.compare, name="compare"),
    path("mechanisms/", vocabulary.mechanisms, name="mechanisms"),
    path("mechanisms/map.svg", mechanism_map.svg, name="mechanism-map-svg"),
    path("mechanisms/map.png", mechanism_map.png, name="mechanism-map-png"),
    path("mechanisms/<slug:slug>/", vocabulary.mechanism, name="mechanism"),
    path("autoantibodies/", vocabulary.autoantibodies, name="autoantibodies"),
    path("autoantibodies/<slug:slug>/", vocabulary.autoantibody, name="autoantibody"),
    path("manifestations/", vocabulary.manifestations, name="manifestations"),
    path("manifestations/<slug:slug>/", vocabulary.manifestation, name="manifestation"),
    path("outcome-measures/", vocabulary.outcome_measures, name="outcome-measures"),
    path("outcome-measures/<slug:slug>/", vocabulary.outcome_measure, name="outcome-measure"),
    path("evidence-levels/", vocabulary.evidence_levels, name="evidence-levels"),
    path("evidence-levels/<slug:code>/", vocabulary.evidence_level, name="evidence-level"),
    path("certainty-levels/", vocabulary.certainty_levels, name="certainty-levels"),
    path("certainty-levels/<slug:code>/", vocabulary.certainty_level, name="certainty-level"),
    path("references/", sources.references, name="references"),
    path("references/<slug:slug>/", sources.reference, name="reference"),
    path("trials/", sources.trials, name="trials"),
    path("trials/<slug:nct_id>/", sources.trial, name="trial"),
    path("map/", evidence_map.page, name="map"),
    path("map/download.csv", evidence_map.download, name="map-csv"),
    path("evidence/", evidence_list.evidence_list, name="evidence-list"),
    path("evidence/download.csv", evidence_downloads.as_csv, name="evidence-csv"),
    path("evidence/results.csv", evidence_downloads.results_as_csv, name="evidence-results-csv"),
    path("evidence/download.xlsx", evidence_downloads.as_xlsx, name="evidence-xlsx"),
    path("evidence/download.json", evidence_downloads.as_json, name="evidence-json"),
    path("evidence/download.ris", evidence_downloads.as_ris, name="evidence-ris"),
    path("evidence/download.bib", evidence_downloads.as_bibtex, name="evidence-bibtex"),
    path("evidence/<accession:accession>/", claims.evidence, name="evidence"),
    path("evidence/<accession:accession>/v<int:version>/", claims.evidence_version, name="evidence-version"),
    path("phenotype-associations/", claims.phenotype_associations, name="phenotype-associations"),
    path(
        "phenotype-associations/<accession:accession>/",
        claims.phenotype_association,
        name="phenotype-association",
    ),
    path(
        "phenotype-associations/<accession:accession>/v<int:version>/",
        claims.phenotype_association_version,
        name="phenotype-association-version",
    ),
    path("recommendations/", claims.recommendations, name="recommendations"),
    path("recommendations/<accession:accession>/", claims.recommendation, name="recommendation"),
    path(
        "recommendations/<accession:accession>/v<int:version>/",
        claims.recommendation_version,
        name="recommendation-version",
    ),
    path("appraisals/", claims.appraisals, name="appraisals"),
    path("appraisals/<accession:accession>/", claims.appraisal, name="appraisal"),
    path("appraisals/<accession:accession>/v<int:version>/", claims.appraisal_version, name="appraisal-version"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<slug:name>/", releases.release, name="release"),
    path("releases/<slug:name>/<str:file>", releases.file, name="release-file"),
    path("plots/", plots.plots, name="plots"),
    path("charts/evidence/by-year<form:form>", plots.evidence_years_drawing, name="evidence-years-drawing"),
    path(
        "charts/treatments/<slug:slug>/results/<slug:measure><form:form>",
        plots.treatment_results_drawing,
        name="treatment-results-drawing",
    ),
    path(
        "charts/treatments/<slug:slug>/by-year<form:form>",
        plots.treatment_years_drawing,
        name="treatment-years-drawing",
    ),
    path(
        "charts/autoantibodies/<slug:slug>/by-year<form:form>",
        plots.autoantibody_years_drawing,
        name="autoantibody-years-drawing",
    ),
    path(
        "charts/autoantibodies/<slug:slug>/phenotype<form:form>",
        plots.phenotype_drawing,
        name="phenotype-drawing",
    ),
]

# What is asked something; every other address refuses parameters.
QUESTIONS = {
    *("changes", "compare", "finder", "finder-download", "finder-treatment", "map", "map-csv"),
    *("search", "search-suggestions"),
    *("evidence-csv", "evidence-results-csv", "evidence-xlsx", "evidence-json", "evidence-ris", "evidence-bibtex"),
    *("evidence-list", "phenotype-associations", "recommendations", "appraisals", "references", "trials", "releases"),
    *("treatments", "mechanisms", "autoantibodies", "manifestations", "outcome-measures"),
    *("evidence-levels", "certainty-levels"),
}

for page in pages:
    view = page.callback if page.name in QUESTIONS else takes_only(page.callback)
    # Pages only answer questions: any other method is 405, said before a forged form could matter.
    page.callback = csrf_exempt(require_safe(view))

urlpatterns = pages
