"""The curators' admin: the stock one, with the rules of the workflow, a history to read and a look of its own."""

from django.contrib import admin

from . import audit, claims, findings, literature, people, publication, review, sheets, sources, vocabulary

__all__ = [
    "audit",
    "claims",
    "findings",
    "literature",
    "people",
    "publication",
    "review",
    "sheets",
    "sources",
    "vocabulary",
]

admin.site.site_header = "Dermatomyositis treatment knowledge base"
admin.site.site_title = "Curation"
admin.site.index_title = "Curation"
admin.site.index_template = "admin/dashboard.html"
