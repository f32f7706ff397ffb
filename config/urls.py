"""Which room answers which address."""

from django.urls import URLPattern, URLResolver, include, path

from accounts import views_gallery
from config import health

handler400 = "config.middleware.bad_request"
handler500 = "config.middleware.server_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("config.api_urls")),
    path("", include("complaints.letter_urls")),
    path("", include("complaints.urls")),
    path("", include("portal.urls")),
    path("settings/ui/", views_gallery.ui, name="ui"),
    path("help/keys/", views_gallery.keys, name="keys"),
    path("notifications/", include("notifications.urls")),
    path("", include("accounts.urls")),
    path("", include("contracts.urls")),
    path("", include("remediation.urls")),
    path("", include("insights.urls")),
]
