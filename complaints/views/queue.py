"""`/queue/`, `/cases/` and `/search/`: lists of cases whose whole state stands in the address; handing over in bulk."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.absences import away_until
from accounts.doors import refuse, requires
from accounts.frame import address_of
from accounts.models import SavedView, User
from accounts.roles import Role
from complaints import acts, clock_words, lists, timeline
from complaints.days import AGES
from complaints.forms.base import colleagues
from complaints.lifecycle import Refused
from complaints.lists import COUNTED, PAGE, TOTAL, VIEWS, Asked
from complaints.models import Complaint, SlaClock
from complaints.models.states import ClockState, Grade, Nonconformity, Stage
from complaints.views import frame
from complaints.words import say

COLUMNS = (  # what the address calls it, its class, its head
    ("due", "due", gettext_lazy("Next due")),
    ("ref", "no", gettext_lazy("Case")),
    ("what", "what", gettext_lazy("What")),
    ("customer", "cust", gettext_lazy("Customer")),
    ("stage", "stage", gettext_lazy("Stage")),
    ("grade", "sev", gettext_lazy("Grade")),
    ("owner", "own", gettext_lazy("Owner")),
)
CHIPS = {
    "q": gettext_lazy("word"),
    "stage": gettext_lazy("stage"),
    "grade": gettext_lazy("grade"),
    "customer": gettext_lazy("customer"),
    "owner": gettext_lazy("owner"),
    "age": gettext_lazy("age"),
    "product": gettext_lazy("product"),
    "team": gettext_lazy("team"),
    "defect": gettext_lazy("defect"),
    "received": gettext_lazy("received"),
    "ended": gettext_lazy("ended"),
}
NOBODY = gettext_lazy("nobody")
NONE = gettext_lazy("not known")
WORDS: dict[str, dict[str, Any]] = {
    "stage": dict(Stage.choices),
    "grade": {**dict(Grade.choices), "none": gettext_lazy("Not graded")},
    "owner": {"me": gettext_lazy("me"), "none": NOBODY},
    "product": {"none": NONE},
    "team": {"none": NOBODY},
    "defect": {**dict(Nonconformity.choices), "none": NONE},
}
NUMBER = re.compile(r"(?:QC-?)?(\d{4})-(\d{1,9})", re.IGNORECASE)


@requires("case.see")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the work of this person, the most urgent first; other views and filters by address."""
    return _page(request, Asked.read(request.GET, view="mine"), heading=_("Queue"))


@requires("case.see")
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Show all open cases; other views and filters by address."""
    return _page(request, Asked.read(request.GET, view="open"), heading=_("Cases"))


@requires("case.see")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Lead to the case whose number was typed, else list the cases that contain all the words."""
    asked = Asked.read(request.GET, view="all")
    if ref := _number(asked.q):
        found = Complaint.objects.visible_to(request.user).filter(ref=ref).values_list("ref", flat=True).first()
        if found:
            return redirect("case", found)
    return _page(request, asked, heading=_("Search"))


def _number(words: str) -> str:
    """Return the number of a case as it is kept, if that is what was typed: QC-2026-123, 2026-00123."""
    match = NUMBER.fullmatch(words)
    return f"QC-{match[1]}-{int(match[2]):05d}" if match else ""


# The page ------------------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, asked: Asked, *, heading: str) -> HttpResponse:
    now, user = timezone.now(), request.user
    counts = lists.counts(asked, user, now)
    asked = replace(asked, page=min(asked.page, max(1, -(-min(counts.total, TOTAL + 1) // PAGE))))
    context = {
        "heading": heading,
        "now": now,
        "rows": _rows(asked, user, now, counts),
        "links": _links(asked, counts),
        "drafts": counts.drafts,
        "approvals_url": address_of("approvals") if user.may("proposal.approve") else "",
        "drafts_url": address_of("drafts") if user.may("case.draft") else "",
        "may_assign": user.may("case.assign"),
        **_filter(asked),
        "empty": {} if counts.total else _empty(asked, user, now),
        **_saved(request, asked),
        **_pages(asked, counts.total),
    }
    return render(request, "complaints/list.html", context)


def _rows(asked: Asked, user: User, now: datetime, counts: lists.Counts) -> list[lists.Row]:
    if not counts.total:
        return []
    zone = timezone.get_current_timezone()
    return lists.page_of(asked, user, now, counts, zone=zone, reads=get_language() or "en")


def _filter(asked: Asked) -> dict[str, Any]:
    """Return what is asked for, in words and as addresses, and what else may be."""
    return {
        "asked": asked,
        "query": asked.query(page=asked.page),
        "view_query": asked.query(),
        "q": asked.q,
        "columns": _columns(asked),
        "chips": _chips(asked),
        "stages": Stage.choices,
        "grades": list(WORDS["grade"].items()),
    }


def _saved(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """Return the person's own lists, and the one that is shown, if it is one of them."""
    saved = list(SavedView.objects.filter(user=request.user).order_by("position", "name", "pk"))
    here = (request.path, asked.query())
    return {
        "saved": saved,
        "views": [
            {"url": reverse("saved_view", args=[view.slug]), "label": view.name, "count": None} for view in saved
        ],
        "this_view": next((view for view in saved if (view.path, view.query) == here), None),
    }


def _links(asked: Asked, counts: lists.Counts) -> list[dict[str, Any]]:
    return [
        {
            "url": f"?view={slug}",
            "label": VIEWS[slug].label,
            "count": f"{COUNTED}+" if found > COUNTED else found,
            "hot": VIEWS[slug].hot and found,
            "current": slug == asked.view,
        }
        for slug, found in counts.views.items()
    ]


def _columns(asked: Asked) -> list[dict[str, Any]]:
    """Return the heads; pressing the one that sorts already turns the order."""
    columns = []
    for name, kind, label in COLUMNS:
        turned = f"-{name}" if asked.sort == name else name
        sorts = {name: "ascending", f"-{name}": "descending"}.get(asked.sort, "")
        columns.append({"kind": kind, "label": label, "url": f"?{asked.query(sort=turned)}", "sorts": sorts})
    return columns


def _chips(asked: Asked) -> list[dict[str, Any]]:
    """Return each filter in words, with the address of the same list without it."""
    chips: list[dict[str, Any]] = []
    for name in lists.NARROWS:
        value = getattr(asked, name)
        for one in [value] if isinstance(value, str) else value:
            less = "" if isinstance(value, str) else tuple(other for other in value if other != one)
            if one:
                url = f"?{asked.query(**{name: less})}"
                chips.append({"name": CHIPS[name], "value": _in_words(name, one), "url": url})
    return chips


def _in_words(name: str, value: str) -> Any:
    if name == "age":
        first, last = AGES[value]
        return _("over {days} days").format(days=first - 1) if last is None else _("{days} days").format(days=value)
    return WORDS.get(name, {}).get(value, value)


def _empty(asked: Asked, user: User, now: datetime) -> dict[str, str]:
    """Return what to say when nothing is found, and the way on."""
    if asked.narrowed:
        words = {"title": _("No case fits."), "text": _("Check the spelling, use fewer words, or look at all cases.")}
        return {**words, "url": f"{reverse('cases')}?view=all", "action": _("Show all cases")}
    title = str(VIEWS[asked.view].empty)
    if not Complaint.objects.visible_to(user).received().exists():
        title = _("No complaint was logged yet.")
        if not user.may("case.register"):
            return {"title": title, "text": "", "url": "", "action": ""}
        return {"title": title, "text": "", "url": reverse("intake"), "action": _("Log the first")}
    if asked.view == "mine" and not user.may("case.register"):
        return {"title": title, "text": _whom_to_ask(), "url": f"{reverse('cases')}?view=open",
                "action": _("Show all open cases")}  # fmt: skip
    if asked.view == "mine":
        text = _("Take a case that nobody owns, or log a complaint.")
        return {"title": title, "text": text, "url": "?view=unassigned", "action": _("Show unassigned cases")}
    text = _next_due(user, now) if asked.view in ("breached", "at-risk") else ""
    return {"title": title, "text": text, "url": f"{reverse('cases')}?view=open", "action": _("Show all open cases")}


def _whom_to_ask() -> str:
    names = timeline.either(frame.who_holds([Role.CSL]).get(Role.CSL, [])[:3])
    if not names:
        return _("What waits for you is sent to you by e-mail.")
    return _("What waits for you is sent to you by e-mail. {names} hands out the cases.").format(names=names)


def _next_due(user: User, now: datetime) -> str:
    """Say which deadline comes next, in any open case that this person may see."""
    running = SlaClock.objects.filter(
        state=ClockState.RUNNING, due_at__gte=now, complaint__in=Complaint.objects.visible_to(user).backlog()
    )
    due_at = running.order_by("due_at", "pk").values_list("due_at", flat=True).first()
    if due_at is None:
        return ""
    return _("Next: {when}").format(when=clock_words.short(due_at, now, ZoneInfo(str(timezone.get_current_timezone()))))


def _pages(asked: Asked, total: int) -> dict[str, str]:
    first, last = (asked.page - 1) * PAGE + 1, min(asked.page * PAGE, total)
    of = _("more than {total}").format(total=TOTAL) if total > TOTAL else total
    return {
        "previous": f"?{asked.query(page=asked.page - 1)}" if asked.page > 1 else "",
        "next": f"?{asked.query(page=asked.page + 1)}" if asked.page * PAGE < total else "",
        "shown": _("{first}–{last} of {total}").format(first=first, last=last, total=of) if total else "",
    }


# Handing over several cases ------------------------------------------------------------------------------------------


@requires("case.see")
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Hand the ticked cases to somebody: `to` is "me" or an address; without it, ask whom. One transaction per case."""
    if not request.user.may("case.assign"):
        return refuse(request, "case.assign")
    refs = request.POST.getlist("case")[:PAGE]
    chosen = list(Complaint.objects.visible_to(request.user).filter(ref__in=refs).order_by("ref"))
    back = _back(request)
    if not chosen:
        messages.warning(request, _("Tick at least one case first."))
        return HttpResponseRedirect(back)
    if not request.POST.get("to"):
        return _ask_whom(request, chosen, back)
    owner = _person(request)
    results = [(case, _hand_over(case, owner, request.user)) for case in chosen]
    _tell(request, owner, results)
    return HttpResponseRedirect(back)


def _ask_whom(request: HttpRequest, chosen: list[Complaint], back: str) -> HttpResponse:
    act = acts.get("assign")
    assert act is not None
    offers = [(case, acts.offer(act, case, request.user)) for case in chosen]
    rows = [{"case": case, "reasons": [say(why) for why in offer.blocked_by]} for case, offer in offers]
    return render(request, "complaints/assign.html", {"rows": rows, "people": colleagues(), "back": back})


def _person(request: HttpRequest) -> User:
    said = request.POST["to"]
    return get_object_or_404(colleagues(), email=request.user.email if said == "me" else said)


def _hand_over(case: Complaint, owner: User, by: User) -> str:
    """Assign one case; return why not, or nothing."""
    act = acts.get("assign")
    assert act is not None
    if case.owner_id == owner.pk:
        return _("belongs to that person already")
    offer = acts.offer(act, case, by)
    if not offer.allowed:
        return " ".join(say(why) for why in offer.blocked_by) or _("You may not assign this case.")
    try:
        acts.perform(act, case, by=by, at=timezone.now(), said={"owner": owner})
    except Refused as refusal:
        return " ".join(say(why) for why in refusal.reasons)
    except PermissionDenied:
        return _("You may not assign this case.")
    return ""


def _tell(request: HttpRequest, owner: User, results: list[tuple[Complaint, str]]) -> None:
    done = sum(not why for _case, why in results)
    if done:
        words = ngettext("{n} case now belongs to {name}.", "{n} cases now belong to {name}.", done)
        messages.success(request, words.format(n=done, name=owner.name))
    if done and (last_on := User.objects.filter(pk=owner.pk).values_list(away_until(owner.pk), flat=True).first()):
        words = _("{name} is absent until {day}.")
        messages.warning(request, words.format(name=owner.name, day=timeline.date_words(last_on)))
    for case, why in results:
        if why:
            messages.warning(request, _("{ref} stays as it is: {why}").format(ref=case.ref, why=why))


def _back(request: HttpRequest) -> str:
    """Return the list that the form came from."""
    said = request.POST.get("back", "")
    ours = said.startswith("/") and url_has_allowed_host_and_scheme(said, allowed_hosts=None)
    return said if ours else reverse("queue")
