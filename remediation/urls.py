"""Addresses of the remedy: the tabs of a case, and the visits of all cases."""

from django.urls import path

from remediation.views import prevention, remedy, similar, visits

urlpatterns = [
    path("cases/<ref:ref>/remedy/", remedy.remedy, name="case-remedy"),
    path("cases/<ref:ref>/visits/", visits.of_case, name="case-visits"),
    path("cases/<ref:ref>/prevention/", prevention.of_case, name="case-prevention"),
    path("cases/<ref:ref>/similar/", similar.of_case, name="case-similar"),
    path("visits/", visits.of_all, name="visits"),
]
