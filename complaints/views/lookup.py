"""`/x/lookup/…`: short lists that help to fill in a form; fragments for staff, never pages."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.doors import requires
from accounts.models import Contact, Organisation
from complaints.forms.base import colleagues
from contracts.models import Product

FOUND = 12


@require_GET
@requires("case.see")
@never_cache
def customers(request: HttpRequest) -> HttpResponse:
    """Return customers whose code or name contains `q` (or what a list's field `customer` holds)."""
    words = _words(request, "customer")
    found = Organisation.objects.filter(kind=Organisation.Kind.CUSTOMER, is_active=True)
    found = found.filter(Q(code__icontains=words) | Q(name__icontains=words) | Q(name_zh__icontains=words))
    reads = get_language() or "en"
    options = [(firm.code, firm.shown_name(reads)) for firm in found.order_by("name", "pk")[:FOUND]]
    return render(request, "complaints/_options.html", {"options": options})


@require_GET
@requires("case.see")
@never_cache
def goods(request: HttpRequest) -> HttpResponse:
    """Return products whose code or name contains `q` (or what the field `product` holds)."""
    found = Product.objects.matching(_words(request, "product")).order_by("code")[:FOUND]
    return render(request, "complaints/_options.html", {"options": [(row.code, row.shown_name) for row in found]})


@require_GET
@requires("case.see")
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Return colleagues whose name or address contains `q` (or what a list's field `owner` holds)."""
    words = _words(request, "owner")
    found = colleagues().filter(Q(name__icontains=words) | Q(email__icontains=words))[:FOUND]
    return render(request, "complaints/_options.html", {"options": [(person.email, person.name) for person in found]})


@require_GET
@requires("case.see")
@never_cache
def contacts(request: HttpRequest) -> HttpResponse:
    """Return the contacts of the customer with the code `customer`, for a select."""
    found = Contact.objects.filter(organisation__code=request.GET.get("customer", ""), is_active=True)
    return render(request, "complaints/_contacts.html", {"contacts": found.order_by("name", "pk")[:50]})


def _words(request: HttpRequest, field: str) -> str:
    return (request.GET.get("q") or request.GET.get(field, "")).strip()[:100]
