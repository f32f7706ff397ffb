"""The addresses of contracts and products."""

from django.urls import path

from contracts import import_views, paper_views, views, views_projects

app_name = "contracts"
urlpatterns = [
    path("contracts/", views.contract_list, name="list"),
    path("contracts/import/", import_views.import_contract, name="import"),
    path("contracts/import/example.yaml", import_views.example, name="import_example"),
    path("contracts/<str:ref>/paper.<str:form>", import_views.export, name="export"),
    path("contracts/<str:ref>/", views.contract, name="contract"),
    path("contracts/<str:ref>/gaps/", paper_views.gap_check, name="gaps"),
    path("contracts/<str:ref>/days/", paper_views.last_days, name="days"),
    path("contracts/<str:ref>/versions/", paper_views.versions, name="versions"),
    path("contracts/<str:ref>/versions/compare/", paper_views.compare_versions, name="compare"),
    path("contracts/<str:ref>/versions/new/", paper_views.new_version, name="new_version"),
    path("contracts/<str:ref>/clauses/new/", views.new_clause, name="new_clause"),
    path("contracts/<str:ref>/clauses/<int:pk>/", views.clause, name="clause"),
    path("contracts/<str:ref>/clauses/<int:pk>/check/", views.check_clause, name="check_clause"),
    path("contracts/<str:ref>/clauses/<int:pk>/amend/", views.amend_contract, name="amend"),
    path("products/<int:pk>/", views.product, name="product"),
    path("x/lookup/products/", views.lookup_products, name="lookup_products"),
    path("x/lookup/lots/", views.lookup_lots, name="lookup_lots"),
    path("x/lookup/contracts/", views.lookup_contracts, name="lookup_contracts"),
    path("projects/", views_projects.projects_list, name="projects"),
    path("projects/new/", views_projects.new, name="new_project"),
    path("projects/<str:code>/", views_projects.project, name="project"),
    path("projects/<str:code>/<slug:part>/new/", views_projects.new_part, name="new_part"),
    path("projects/<str:code>/<slug:part>/<int:pk>/", views_projects.part, name="part"),
    path("projects/<str:code>/<slug:part>/<int:pk>/remove/", views_projects.remove, name="remove_part"),
]
