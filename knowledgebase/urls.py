"""Where everything lies. `/healthz` and `/readyz` are answered earlier, by `knowledgebase.health`."""

from django.contrib import admin
from django.urls import include, path

from knowledgebase import sign_in
from treatments.admin.choices import ChoicesView

sign_in.protect(admin.site)

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    # In place of the admin's own view, whose options say no more than a name.
    path("admin/autocomplete/", admin.site.admin_view(ChoicesView.as_view(admin_site=admin.site)), name="autocomplete"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("treatments.api.urls")),
    path("", include("treatments.web.urls")),
    path("", include("treatments.interop.urls")),
]

# A problem document under /api/, a page elsewhere.
handler400 = "treatments.errors.bad_request"
handler403 = "treatments.errors.permission_denied"
handler404 = "treatments.errors.not_found"
handler500 = "treatments.errors.server_error"
