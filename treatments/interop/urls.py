"""Addresses of feeds, sitemaps and citations."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from treatments.errors import takes_only

from . import feeds, sitemaps, views

app_name = "interop"

addresses = [
    path("feeds/claims.atom", feeds.ClaimsFeed(), name="claims-feed"),
    path("treatments/<slug:slug>/feed.atom", feeds.TreatmentFeed(), name="treatment-feed"),
    path("autoantibodies/<slug:slug>/feed.atom", feeds.AutoantibodyFeed(), name="autoantibody-feed"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
    re_path(
        r"^references/(?P<slug>[-\w]+)/citation\.(?P<form>ris|bib)$",
        views.reference_citation,
        name="reference-citation",
    ),
    re_path(
        rf"^(?P<kind>{'|'.join(views.CLAIMS)})/(?P<accession>[A-Z]{{2}}[0-9]{{5,17}})/citation\.(?P<form>ris|bib)$",
        views.claim_citation,
        name="claim-citation",
    ),
    re_path(
        rf"^(?P<kind>{'|'.join(views.CLAIMS)})/(?P<accession>[A-Z]{{2}}[0-9]{{5,17}})/v(?P<version>[1-9][0-9]{{0,8}})"
        r"/citation\.(?P<form>ris|bib)$",
        views.claim_citation,
        name="version-citation",
    ),
]
for address in addresses:
    # As pages do, these only answer questions; but for the part of a long sitemap, they are not asked anything.
    view = takes_only(address.callback, *["p"] if address.name == "sitemap-section" else [])
    address.callback = csrf_exempt(require_safe(view))

urlpatterns = addresses
