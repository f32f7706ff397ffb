"""Addresses of the figures."""

from django.urls import path

from insights import views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<slug:figure>.csv", views.figure_csv, name="dashboard_csv"),
    path("dashboard/<slug:name>/", views.behind, name="dashboard_rows"),
    path("approvals/", views.approvals, name="approvals"),
]
