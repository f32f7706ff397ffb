"""Addresses of the case."""

from django.urls import path

from complaints.views import do, lookup, queue

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("cases/", queue.cases, name="cases"),
    path("cases/assign/", queue.assign, name="assign_cases"),
    path("search/", queue.search, name="search"),
    path("x/lookup/customers/", lookup.customers, name="lookup_customers"),
    path("x/lookup/contacts/", lookup.contacts, name="lookup_contacts"),
    path("x/lookup/people/", lookup.people, name="lookup_people"),
    path("cases/<str:ref>/do/<slug:name>/", do.do, name="case-do"),
]
