"""Pages for staff: contracts with their clauses, the entry of a clause, products, and the lookups of other forms."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import refuse, requires
from accounts.models import Organisation
from contracts import drafting
from contracts.forms import AmendForm, PaperForm, terms_form
from contracts.frame import contract_called, for_staff, head
from contracts.models import CheckedClauseIsFixed, Clause, ClauseType, Contract, ContractVersion, Lot, Product
from contracts.models.names import searchable
from contracts.words import refusal, show

PAGE = 50
FOUND = 12


@require_GET
@for_staff
def contract_list(request: HttpRequest) -> HttpResponse:
    """All contracts, searched by `q` and limited to a `customer` (its code)."""
    query, customer = request.GET.get("q", "").strip(), searchable(request.GET.get("customer", ""))
    rows = _searched(Contract.objects.visible_to(request.user), query, customer)
    rows = rows.select_related("customer").annotate(clauses=_clauses_now())
    context = {
        "page": Paginator(rows.order_by("-signed_on", "pk"), PAGE).get_page(request.GET.get("page")),
        "customers": Organisation.objects.filter(kind="CUSTOMER").order_by("name", "pk"),
        "query": query,
        "customer": customer,
        "may_structure": request.user.may("contracts.structure"),
    }
    return render(request, "contracts/list.html", context)


def _clauses_now() -> Subquery:
    """Return how many clauses the newest version of a contract has."""
    newest = ContractVersion.objects.filter(contract=OuterRef("pk")).order_by("-version")
    return Subquery(newest.annotate(many=Count("clauses")).values("many")[:1])


def _searched(rows: QuerySet[Contract], query: str, customer: str) -> QuerySet[Contract]:
    if query:
        rows = rows.filter(pk__in=Contract.objects.matching(query).values("pk"))
    return rows.filter(customer__code=customer) if customer else rows


@require_GET
@for_staff
def contract(request: HttpRequest, ref: str) -> HttpResponse:
    """One contract with the clauses of a version: that of `?version=`, else the one in force, else the newest."""
    found = contract_called(request, ref)
    frame = head(request, found, "clauses")
    version = frame["version"]
    context = {
        **frame,
        "clauses": [(clause, _shown(clause)) for clause in frame["clauses"]],
        "ready": sum(clause.is_checked for clause in frame["clauses"]),
        "waiting": [clause for clause in frame["clauses"] if not clause.is_checked],
        "is_newest": version is not None and version == frame["versions"][0],
        "deliveries": found.deliveries.select_related("product").order_by("-delivered_on", "pk")[:PAGE],
        "milestones": found.project.milestones.order_by("planned_on", "pk") if found.project else [],
    }
    return render(request, "contracts/contract.html", context)


def _shown(clause: Clause) -> Any:
    terms = clause.typed_terms
    return show(terms) if terms else None


@require_http_methods(["GET", "POST"])
@for_staff
@requires("contracts.structure")
def new_clause(request: HttpRequest, ref: str) -> HttpResponse:
    """Enter a clause of the type `?type=` into the newest version; without a type, choose one first."""
    found = contract_called(request, ref)
    version = get_object_or_404(found.versions.order_by("-version")[:1])
    if request.GET.get("type") not in ClauseType.values:
        return render(
            request, "contracts/clause_type.html", {"contract": found, "version": version, "types": ClauseType}
        )
    clause = Clause(version=version, type=request.GET["type"], language=version.governing_language)
    return _entry(request, found, clause)


@require_http_methods(["GET", "POST"])
@for_staff
def clause(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One clause: its form while it may be changed by this person, else text and terms side by side."""
    found = contract_called(request, ref)
    wanted = get_object_or_404(_clauses(found), pk=pk)
    if request.GET.get("type") in ClauseType.values and wanted.type != request.GET["type"]:
        wanted.type, wanted.terms = request.GET["type"], {}
    if not wanted.is_checked and request.user.may("contracts.structure"):
        return _entry(request, found, wanted)
    if request.method == "POST" and not wanted.is_checked:
        return refuse(request, "contracts.structure")
    if request.method == "POST":
        return _read_only(request, found, wanted, reasons=[refusal("checked")], status=409)
    return _read_only(request, found, wanted)


def _clauses(found: Contract) -> QuerySet[Clause]:
    return Clause.objects.filter(version__contract=found).select_related("version", "structured_by", "checked_by")


def _entry(request: HttpRequest, found: Contract, clause: Clause) -> HttpResponse:
    """Show or take the form of a clause."""
    data = request.POST if request.method == "POST" else None
    paper, terms = PaperForm(data, instance=clause), terms_form(clause, found.currency, data)
    if data is not None and paper.is_valid() & terms.is_valid():
        assert terms.terms is not None
        try:
            saved = drafting.structure(paper.instance, terms=terms.terms, by=request.user, at=timezone.now())
        except (drafting.Refused, CheckedClauseIsFixed) as error:
            return _entry_page(request, found, clause, paper, terms, reasons=[refusal(error)], status=409)
        messages.success(request, _("Clause %(number)s is saved. Legal can check it now.") % {"number": saved.number})
        return redirect(found)
    return _entry_page(request, found, clause, paper, terms, status=200 if data is None else 422)


def _entry_page(
    request: HttpRequest,
    found: Contract,
    clause: Clause,
    paper: Any,
    terms: Any,
    *,
    reasons: Any = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "contract": found,
        "clause": clause,
        "paper": paper,
        "form": terms,
        "types": ClauseType,
        "reasons": reasons,
        "check": _check_offer(request, clause),
    }
    return render(request, "contracts/clause_form.html", context, status=status)


def _read_only(
    request: HttpRequest, found: Contract, clause: Clause, *, reasons: Any = (), status: int = 200, amend: Any = None
) -> HttpResponse:
    newest = not found.versions.filter(version__gt=clause.version.version).exists()
    may_amend = newest and request.user.may("contracts.structure")
    context = {
        "contract": found,
        "clause": clause,
        "shown": _shown(clause),
        "reasons": reasons,
        "check": _check_offer(request, clause),
        "amend": (amend or AmendForm(clause.version)) if may_amend else None,
    }
    return render(request, "contracts/clause.html", context, status=status)


def _check_offer(request: HttpRequest, clause: Clause) -> dict[str, Any] | None:
    """Return whether this person may check the clause now and, if not, why; None if it is no business of theirs."""
    if clause.pk is None or clause.is_checked or not request.user.may("signoff.legal"):
        return None
    code = drafting.why_not_checked(clause, request.user)
    return {"reason": refusal(code) if code else ""}


@require_POST
@for_staff
def check_clause(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Mark a clause as checked by Legal."""
    found = contract_called(request, ref)
    wanted = get_object_or_404(_clauses(found), pk=pk)
    try:
        drafting.check(wanted, by=request.user, at=timezone.now())
    except (drafting.Refused, CheckedClauseIsFixed) as error:
        return _read_only(request, found, wanted, reasons=[refusal(error)], status=409)
    messages.success(request, _("Clause %(number)s is checked. It can be computed with.") % {"number": wanted.number})
    return redirect(found)


@require_POST
@for_staff
def amend_contract(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """Make the next version of the contract, in which this clause can be changed, and open it there."""
    found = contract_called(request, ref)
    wanted = get_object_or_404(_clauses(found), pk=pk)
    form = AmendForm(wanted.version, request.POST)
    if not form.is_valid():
        return _read_only(request, found, wanted, amend=form, status=422)
    try:
        after = drafting.amend(
            wanted.version, **form.cleaned_data, by=request.user, at=timezone.now(), reopening={wanted.pk}
        )
    except drafting.Refused as error:
        return _read_only(request, found, wanted, amend=form, reasons=[refusal(error)], status=409)
    copy = after.clauses.get(number=wanted.number, type=wanted.type)
    return redirect(reverse("contracts:clause", args=[ref, copy.pk]))


@require_GET
@for_staff
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """One product: its characteristics, its lots and deliveries, the newest first."""
    found = get_object_or_404(Product, pk=pk)
    lots = found.lots.select_related("supplier").annotate(units=Count("serial_units", distinct=True))
    lots = lots.prefetch_related(Prefetch("deliveries", to_attr="sent"))
    context = {
        "product": found,
        "characteristics": found.characteristics.order_by("name", "pk"),
        "lots": Paginator(lots.order_by("-produced_on", "pk"), PAGE).get_page(request.GET.get("page")),
        "deliveries": found.deliveries.select_related("customer", "contract").order_by("-delivered_on", "pk")[:PAGE],
    }
    return render(request, "contracts/product.html", context)


@require_GET
@for_staff
def lookup_products(request: HttpRequest) -> HttpResponse:
    """Products whose code or name contains `q`, as options."""
    found = Product.objects.matching(request.GET.get("q", "").strip()).order_by("code")[:FOUND]
    return _options(request, [(row.pk, row.code, row.shown_name) for row in found])


@require_GET
@for_staff
def lookup_lots(request: HttpRequest) -> HttpResponse:
    """Lots whose number contains `q`, of the `product` (its id) if given, as options."""
    found = Lot.objects.matching(request.GET.get("q", "").strip()).select_related("product")
    if wanted := request.GET.get("product", ""):
        found = found.filter(product_id=int(wanted)) if _is_id(wanted) else found.none()
    newest = found.order_by("-produced_on", "pk")[:FOUND]
    return _options(request, [(row.pk, row.number, str(row.product)) for row in newest])


@require_GET
@for_staff
def lookup_contracts(request: HttpRequest) -> HttpResponse:
    """Contracts that `q` finds, of the `customer` (its id) if given, as options."""
    found = Contract.objects.visible_to(request.user).matching(request.GET.get("q", "").strip())
    if wanted := request.GET.get("customer", ""):
        found = found.filter(customer_id=int(wanted)) if _is_id(wanted) else found.none()
    newest = found.order_by("-signed_on", "pk")[:FOUND]
    return _options(request, [(row.pk, row.number, row.shown_title) for row in newest])


def _is_id(said: str) -> bool:
    """Tell whether this can be the id of a row: digits, and no more than a database counts to."""
    return said.isdecimal() and len(said) <= 18


def _options(request: HttpRequest, options: list[tuple[int, str, str]]) -> HttpResponse:
    """Answer a fragment of options (id, name, note) that is kept nowhere."""
    answer = render(request, "contracts/_options.html", {"options": options})
    answer["Cache-Control"] = "no-store"
    return answer
