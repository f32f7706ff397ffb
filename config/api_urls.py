"""Addresses under /api/v1/."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.routers import SimpleRouter

from complaints.api import ComplaintViewSet, Pdf
from complaints.calculators.api import Calculator
from config import api

router = SimpleRouter()
router.register("complaints", ComplaintViewSet, basename="api-complaint")

urlpatterns = [
    path("", api.docs, name="api-docs"),
    path("schema/", SpectacularJSONAPIView.as_view(permission_classes=[AllowAny]), name="api-schema"),
    path(
        "complaints/<str:ref>/8d.pdf",
        ComplaintViewSet.as_view({"get": "eight_d_pdf"}, renderer_classes=[JSONRenderer, Pdf]),
        name="api-complaint-8d",
    ),
    path("calculators/<slug:name>/", Calculator.as_view(), name="api-calculator"),
    path("", include(router.urls)),
    re_path(r"^.*$", api.not_found),
]
