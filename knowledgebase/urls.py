"""Where everything lies. `/healthz` and `/readyz` are answered earlier, by `knowledgebase.health`."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("treatments.api.urls")),
    path("", include("treatments.web.urls")),
]
