"""Addresses of customers: the portal, the tracker and the survey by link."""

from django.urls import path

from portal import answers, documents, links, views

urlpatterns = [
    path("portal/", views.home, name="portal"),
    path("portal/new/", views.new, name="portal-new"),
    path("portal/cases/<ref:ref>/", views.case, name="portal-case"),
    path("portal/cases/<ref:ref>/received/", views.received, name="portal-received"),
    path("portal/cases/<ref:ref>/messages/", views.write, name="portal-write"),
    path("portal/cases/<ref:ref>/manager/", views.ask_manager, name="portal-manager"),
    path("portal/cases/<ref:ref>/files/<uuid:uuid>/", documents.file, name="portal-file"),
    path("portal/cases/<ref:ref>/files/<uuid:uuid>/small/", documents.thumb, name="portal-thumb"),
    path("portal/cases/<ref:ref>/letters/<uuid:uuid>/", documents.letter, name="portal-letter"),
    path("portal/cases/<ref:ref>/proposal/", answers.proposal, name="portal-proposal"),
    path("portal/cases/<ref:ref>/proposal/check/", answers.check, name="portal-proposal-check"),
    path("portal/cases/<ref:ref>/proposal/answer/", answers.answer, name="portal-proposal-answer"),
    path("portal/cases/<ref:ref>/proposal/receipt/", answers.receipt, name="portal-proposal-receipt"),
    path("portal/cases/<ref:ref>/result/", answers.result, name="portal-result"),
    path("t/<str:token>/", links.tracker, name="tracker"),
    path("s/<str:token>/", links.survey, name="survey"),
]
