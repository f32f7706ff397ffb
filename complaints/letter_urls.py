"""Addresses of letters and of the 8D report."""

from django.urls import path

from complaints.views import letters

urlpatterns = [
    path("cases/<str:ref>/8d/", letters.report, name="case-8d"),
    path("cases/<str:ref>/8d.pdf", letters.report_pdf, name="case-8d-pdf"),
    path("cases/<str:ref>/8d/<str:sha256>.jpg", letters.photo, name="letter-photo"),
    path("cases/<str:ref>/letters/<str:number>.pdf", letters.letter_pdf, name="letter-pdf"),
    path("v/", letters.verify, name="letter-verify"),
]
