"""Addresses of the case."""

from django.urls import path

from complaints.views import do

urlpatterns = [
    path("cases/<str:ref>/do/<slug:name>/", do.do, name="case-do"),
]
