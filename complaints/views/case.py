"""`/cases/<ref>/`: the case with its timeline; and the tabs that are only read: actions and history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db.models import CharField, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from accounts.models import User
from complaints import entitling, entitling_words, letters, like_words, mends, timeline
from complaints.acts import Offer
from complaints.days import company_date
from complaints.entitling import Unfit
from complaints.forms.conversation import HeardForm
from complaints.models import Complaint, Evidence, SlaClock, TeamMember
from complaints.models.states import (
    UNDECIDED,
    FoundWhere,
    Nonconformity,
    RemedyAsked,
)
from complaints.next_step import CLOCK_OF, Next, next_step
from complaints.showing import unreachable
from complaints.views import escalated, frame

CLAUSES = 6
UPLOADS = 20  # files chosen at once beside one text
REASONS = 2  # shown beside a blocked move; its own page shows all


@staff_only
@require_GET
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """The case: head, clocks, next action, timeline, composers, side panel."""
    return render(request, "complaints/overview.html", overview(request, ref))


@staff_only
@require_GET
def beside(request: HttpRequest, ref: str) -> HttpResponse:
    """The linked cases and the most alike, which are looked for once the page stands."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user).select_related("master"), ref=ref)
    similar = like_words.beside(complaint, frame.reader_of(request).user)
    return render(request, "complaints/_beside.html", {"similar": similar, "ref": ref, "later": False})


def overview(request: HttpRequest, ref: str, **typed: Any) -> dict[str, Any]:
    """Return everything that the page shows; `typed` are composers that were sent and did not fit."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref, drafts=True)
    words = frame.head(request, complaint, "case", reader)
    clocks: list[SlaClock] = words["clock_rows"]
    offers = frame.offers_of(complaint, reader.user)
    chosen = next_step(complaint, reader.user, offers, clocks=_running(clocks))
    story_rows, show = _rows(request, complaint)
    people = _people(complaint, story_rows, chosen)
    return {
        **words,
        "steps": frame.path(complaint, offers),
        "workings": frame.workings(clocks, words["clocks"], reader),
        "clock_warnings": frame.warnings(clocks),
        **escalated.shown(complaint, offers, reader),
        **_next_words(complaint, chosen, clocks, people, reader),
        **_story(request, complaint, story_rows, show, people, reader),
        **_composers(complaint, reader.user),
        **_side(complaint, reader, people),
        "title": complaint.title,
        **typed,
    }


# Next action ----------------------------------------------------------------------------------------------------------


def _running(clocks: Iterable[SlaClock]) -> set[str]:
    return {clock.metric for clock in clocks if clock.state in UNDECIDED}


def _next_words(
    complaint: Complaint, chosen: Next, clocks: list[SlaClock], people: _People, reader: timeline.Reader
) -> dict[str, Any]:
    shown = chosen.primary or chosen.awaited or chosen.move
    return {
        "next": chosen,
        "next_title": _title(shown, clocks, reader) if shown else _("Nothing to do now"),
        "next_who": "" if chosen.primary or shown is None else frame.who(shown, people.holders),
        "primary": frame.link(chosen.primary, complaint) if chosen.primary else None,
        "secondary": [frame.link(offer, complaint) for offer in chosen.secondary],
        "more": frame.by_room(chosen.more, complaint),
        "gates": frame.gate_groups(frame.gate(gate, complaint, people.holders) for gate in chosen.gates),
        "blocked": [_blocked(offer, people) for offer in chosen.blocked],
        "move_label": chosen.move.act.label if chosen.move else "",
    }


def _title(offer: Offer, clocks: Iterable[SlaClock], reader: timeline.Reader) -> str:
    metric = CLOCK_OF.get(offer.act.name)
    named = mends.label(offer.mends, offer.act.label)
    due = next((clock.due_at for clock in clocks if clock.metric == metric and clock.state in UNDECIDED), None)
    if due is None:
        return named
    words = _("{act} by {when}") if due > reader.now else _("{act}, was due {when}")
    return words.format(act=named, when=timeline.when(due, reader))


def _blocked(offer: Offer, people: _People) -> dict[str, Any]:
    reasons = frame.sentences(offer.blocked_by[:REASONS])
    whose = "" if offer.permitted else frame.any_of(offer, people.holders)
    why = " ".join(part for part in (reasons, _("Only {who}.").format(who=whose) if whose else "") if part)
    return {"locked": True, "text": offer.act.label, "why": why}


# People ---------------------------------------------------------------------------------------------------------------


class _People:
    """Names by id, seats of the team, and who holds which role: read at once."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.seats: dict[str, list[str]] = {}
        self.holders: dict[str, list[str]] = {}


def _people(complaint: Complaint, rows: Iterable[timeline.Row], chosen: Next) -> _People:
    ids = {row.by_id for row in rows if row.by_id}
    roles = {str(role) for offer in _asked(chosen) for role in offer.roles}
    seat = TeamMember.objects.filter(
        complaint=complaint, cycle=complaint.cycle, left_at=None, user=OuterRef("pk")
    ).order_by("pk")
    held = Q(memberships__until=None, memberships__role__in=roles, is_active=True, organisation__kind="OWN")
    users = User.objects.annotate(seat=Subquery(seat.values("seat")[:1], output_field=CharField()))
    users = users.filter(Q(pk__in=ids) | held | Q(seat__isnull=False)).order_by("name", "pk")
    found = _People()
    fields = ("pk", "name", "seat", "is_active", "organisation__kind", "memberships__role", "memberships__until")
    for pk, name, seat, active, kind, role, until in users.values_list(*fields):
        new = pk not in found.names
        found.names[pk] = name
        if seat and new:
            found.seats.setdefault(seat, []).append(name)
        if role and until is None and active and kind == "OWN" and name not in found.holders.setdefault(role, []):
            found.holders[role].append(name)
    return found


def _asked(chosen: Next) -> list[Offer]:
    """Return the offers beside which the page says who may do them."""
    gates = [gate.mend for gate in chosen.gates if gate.mend]
    offers = [chosen.primary, chosen.awaited, chosen.move, *gates, *chosen.blocked]
    return [offer for offer in offers if offer and not offer.allowed]


# Timeline -------------------------------------------------------------------------------------------------------------


def _rows(request: HttpRequest, complaint: Complaint) -> tuple[list[timeline.Row], str]:
    show = request.GET.get("show", "all")
    show = show if show in timeline.SHOWS else "all"
    before = request.GET.get("before", "")
    return timeline.rows_of(complaint, show=show, before=int(before) if before.isdecimal() else None), show


def _story(
    request: HttpRequest, complaint: Complaint, rows: list[timeline.Row], show: str, people: _People,
    reader: timeline.Reader,
) -> dict[str, Any]:  # fmt: skip
    files = complaint.evidence.select_related("blob").order_by("at", "pk")
    pairs = [(file, file.said_with) for file in files.annotate(said_with=_message_of())]
    story = timeline.tell(
        complaint, rows, reader=reader, names=people.names, messages=timeline.messages_of(complaint, rows),
        files=timeline.by_message(pairs, complaint.registered_at),
        whole=show == "all" and "before" not in request.GET,
    )  # fmt: skip
    labels = {
        "all": _("All"), "customer": _("Customer-visible"), "internal": _("Internal"), "decisions": _("Decisions"),
    }  # fmt: skip
    return {
        "entries": story.entries,
        "earlier": story.earlier,
        "later": "before" in request.GET,
        "show": show,
        "shows": [
            {"key": key, "label": label, "count": (story.counts or {}).get(key), "current": key == show}
            for key, label in labels.items()
        ],
        "files": [pair[0] for pair in pairs],
    }


def _message_of() -> Subquery:
    through = Evidence.messages.rel.through  # type: ignore[attr-defined]
    return Subquery(through.objects.filter(evidence_id=OuterRef("pk")).values("message_id")[:1])


def _composers(complaint: Complaint, user: User) -> dict[str, Any]:
    found = letters.addressee(complaint)
    contact = f"{found.name} <{found.email}>" if found and found.name else found.email if found else ""
    named = {"en": _("in English"), "zh-hans": _("in Chinese")}
    return {
        "may_note": user.may("case.note"),
        "may_reply": user.may("case.reply"),
        "reply_to": contact,
        "reply_to_nobody": None if found else unreachable(complaint),
        "reply_language": named.get(complaint.language, complaint.language),
        "note_text": _draft(complaint, "note"),
        "reply_text": _draft(complaint, "reply"),
        "heard_text": _draft(complaint, "heard"),
        "draft_keys": {form: frame.draft_key(complaint.ref or "", form) for form in ("note", "reply", "heard")},
        "composer": "",
        "limits": {"mb": settings.EVIDENCE_MAX_BYTES // 1024 // 1024, "files": UPLOADS},
        "heard_form": HeardForm(initial={"body": _draft(complaint, "heard")}, label_suffix="", auto_id="heard_%s"),
    }


def _draft(complaint: Complaint, form: str) -> str:
    kept = parse_qs(getattr(complaint, f"draft_{form}", None) or "")
    return (kept.get("body") or [""])[0]


# Side panel -----------------------------------------------------------------------------------------------------------


def _side(complaint: Complaint, reader: timeline.Reader, people: _People) -> dict[str, Any]:
    return {
        "facts": facts(complaint),
        "impact": _impact(complaint),
        "people": _parties(complaint, people),
        **_verdicts(complaint, reader),
        "similar": like_words.linked(complaint, reader.user),
        "n_letters": complaint.n_letters,  # type: ignore[attr-defined]  # of frame.find
        "may_edit": reader.user.may("case.edit"),
    }


def facts(complaint: Complaint) -> list[dict[str, Any]]:
    """Return the facts of the case as pairs."""
    unit = f" {complaint.unit}" if complaint.unit else ""
    affected = pgettext("how many units", "{n} of {all}{unit}").format(
        n=complaint.quantity_affected if complaint.quantity_affected is not None else "–",
        all=complaint.quantity_delivered if complaint.quantity_delivered is not None else "–",
        unit=unit,
    )
    where = [FoundWhere(complaint.found_where).label if complaint.found_where else "", complaint.found_place]
    rows = [
        (_("Product"), complaint.product.shown_name if complaint.product else complaint.goods_unknown_because),
        (_("Serial, lot"), " · ".join(filter(None, (complaint.serial, complaint.lot.number if complaint.lot else "")))),
        (_("Affected"), affected),
        (_("Found"), timeline.listed((timeline.date_words(complaint.found_on), *where))),
        (_("Nonconformity"), _labels(Nonconformity, complaint.nonconformity)),
        (_("Wants"), _labels(RemedyAsked, complaint.remedy_asked)),
        (_("Safety"), complaint.get_safety_display()),
        (_("Department"), _named(complaint.department) if complaint.department else ""),
    ]
    return [{"name": name, "value": value} for name, value in rows]


def _labels(choices: Any, codes: Iterable[str]) -> str:
    return timeline.listed(choices(code).label for code in codes)


def _named(row: Any) -> str:
    return row.shown_name(get_language() or "en")


def _impact(complaint: Complaint) -> list[dict[str, Any]]:
    project = complaint.project
    rows = [
        (_("Project"), project.shown_name if project else "", project.get_absolute_url() if project else ""),
        (_("Milestone"), _("at risk") if complaint.milestone_at_risk else _("not said to be at risk")),
        (_("Work"), _("has stopped") if complaint.work_stopped else _("goes on")),
        (_("Lender"), _("must be told") if complaint.lender_material else _("need not be told")),
    ]
    if not project and not complaint.milestone_at_risk:
        return []
    return [{"name": name, "value": value, "url": "".join(url)} for name, value, *url in rows]


def _parties(complaint: Complaint, people: _People) -> list[dict[str, Any]]:
    contact = complaint.contact_name or (complaint.contact.name if complaint.contact else "")
    rows = [
        (_("Contact"), contact),
        (_("E-mail"), complaint.contact_email or (complaint.contact.email if complaint.contact else "")),
        (_("Phone"), complaint.contact_phone),
        (_("Owner"), _owner(complaint)),
        *((TeamMember.Seat(seat).label, timeline.listed(names)) for seat, names in sorted(people.seats.items())),
        (_("Logged by"), complaint.registered_by.name if complaint.registered_by else ""),
    ]
    return [{"name": name, "value": value} for name, value in rows if value]


def _owner(complaint: Complaint) -> str:
    name = complaint.owner.name if complaint.owner else ""
    last_on = complaint.owner_away_until  # type: ignore[attr-defined]  # of frame.find
    return _("{name}, absent until {day}").format(name=name, day=timeline.date_words(last_on)) if last_on else name


def _verdicts(complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    """Return what the contract says today in brief; the entitlement tab has the whole working."""
    found: dict[str, Any] = {"verdicts": [], "verdicts_unfit": "", "granted": None}
    try:
        answer = entitling.answer_of(complaint, at=reader.now)
    except Unfit as unfit:
        return found | {"verdicts_unfit": entitling_words.problems(unfit)}
    if answer is None or complaint.contract is None:
        return found
    basis, now = answer
    panel = entitling_words.Panel(
        now, today=company_date(reader.now), row_of=basis.row_of, contract=complaint.contract.ref
    )
    return found | {"verdicts": panel.brief(CLAUSES), "granted": entitling_words.headline(now)}
