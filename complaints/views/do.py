"""`/cases/<ref>/do/<act>/`: GET shows what an act will do and asks what it needs, POST does it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_fsm import ConcurrentTransition

from accounts.doors import refuse, staff_only
from accounts.frame import address_of
from complaints import acts
from complaints.gates import Reason, reason
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.showing import Shown
from complaints.views.frame import refusal
from complaints.views.once import once, token_of

STALE = {"changed_meanwhile", "incident_role_moved"}  # refusals of what was written without knowing what stands now
PAGE_OF_ROOM = {
    "diagnosis": "case-diagnosis",
    "entitlement": "case-entitlement",
    "incident": "case-incident",
    "remedy": "case-remedy",
    "visits": "case-visits",
    "actions": "case-actions",
    "raci": "case-raci",
    "prevention": "case-prevention",
    "files": "case-files",
}


@staff_only
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    """Show or do one act of a case."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    act = acts.get(name)
    if act is None:
        raise Http404
    offer = acts.offer(act, complaint, request.user)
    if not offer.permitted:
        return refuse(request, act.permission or f"case.{act.name}")
    about: dict[str, Any] = {"complaint": complaint, "user": request.user, "now": timezone.now()}
    if request.method == "GET":
        form = act.form(**about, initial=request.GET.dict())
        return show(request, complaint, offer, form)

    if arranged := act.form.arranged(request.POST, **about, files=request.FILES):
        return show(request, complaint, offer, arranged)

    def again(why: Reason, status: int) -> HttpResponse:
        form = act.form(request.POST, request.FILES, **about)
        return show(request, complaint, offer, form, refused=[why], status=status)

    return once(request, f"{ref}:{name}", lambda: _perform(request, complaint, offer), again)


def _too_many(ref: str, name: str) -> Any:
    """Return what to say of a form with more fields than can be read (config.middleware); empty: the usual words."""
    act = acts.get(name)
    return act.form.too_many if act else ""


do.too_many = _too_many  # type: ignore[attr-defined]


def _perform(request: HttpRequest, complaint: Complaint, offer: acts.Offer) -> HttpResponse:
    act, now = offer.act, timezone.now()
    form = act.form(request.POST, request.FILES, complaint=complaint, user=request.user, now=now)
    if not form.is_valid():
        return _unfit(request, complaint, offer, form)
    try:
        made = acts.perform(act, complaint, by=request.user, at=now, said=dict(form.cleaned_data))
    except Refused as refused:
        if any(why.code in STALE for why in refused.reasons):
            form.show_kept(Complaint.objects.get(pk=complaint.pk))
        return show(request, complaint, offer, form, refused=refused.reasons, status=409)
    except ConcurrentTransition:
        return show(request, complaint, offer, form, refused=[reason("moved_meanwhile")], status=409)
    except PermissionDenied:
        return refuse(request, act.permission or f"case.{act.name}")
    if said := act.says(made, now) if act.says else "":
        messages.warning(request, said)
    else:
        messages.success(request, _("Done: %(what)s") % {"what": act.label})
    return redirect(page_of(act, complaint))


def _unfit(request: HttpRequest, complaint: Complaint, offer: acts.Offer, form: Any) -> HttpResponse:
    """Answer a form that does not fit; of one that is stale as well, both are said at once."""
    fresh = Complaint.objects.get(pk=complaint.pk)
    if not form.is_stale(fresh):
        return show(request, complaint, offer, form, status=422)
    form.show_kept(fresh)
    return show(request, complaint, offer, form, refused=[reason("changed_meanwhile")], status=409)


def show(
    request: HttpRequest,
    complaint: Complaint,
    offer: acts.Offer,
    form: Any,
    *,
    refused: list[Reason] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the act's page; `refused` are the reasons of a move that was tried."""
    blocked = refused if refused is not None else list(offer.blocked_by)
    words = {
        "complaint": complaint,
        "act": offer.act,
        "form": form,
        "shown": _shown(request, complaint, offer, form),
        "blocked": refusal(complaint, request.user, blocked),
        "possible": offer.allowed,
        "once": token_of(request),
        "back": page_of(offer.act, complaint),
    }
    return render(request, "complaints/do.html", words, status=status)


def _shown(request: HttpRequest, complaint: Complaint, offer: acts.Offer, form: Any) -> Shown | None:
    """Return what the act decides or sends; nothing of an act that is not possible."""
    shows = offer.act.shows if offer.allowed else None
    return shows(complaint, user=request.user, form=form, at=timezone.now()) if shows else None


def page_of(act: acts.Act, complaint: Complaint) -> str:
    """Return the address of the tab that offers the act."""
    return address_of(PAGE_OF_ROOM.get(act.room, "case"), complaint.ref) or complaint.get_absolute_url()
