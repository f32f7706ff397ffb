"""`/cases/<ref>/remedy/`: what we offer, who agrees to it, what the customer says, and how it is carried out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints import assessing
from complaints.days import company_date, customer_date
from complaints.entitling_words import difference_line, working
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, EntitlementAssessment
from complaints.models.states import State
from complaints.timeline import Reader, joined
from complaints.views import frame
from complaints.words import say, way
from contracts.money import Money
from remediation import approvals, basis, changes, proposals
from remediation.approvals import Needed
from remediation.models import Approval, NegotiationEntry, Proposal, ProposalLine
from remediation.models.kinds import (
    ACTIVE,
    UNSENT,
    AcceptanceKind,
    Decision,
    EntryKind,
    Level,
    LineStatus,
    ProposalStatus,
)
from remediation.views.parts import Acts, Words, badge, day, next_card, pair, quoted, sums, when, why_ended

VERSION_TONES = {
    ProposalStatus.DRAFT: ("", "edit"),
    ProposalStatus.IN_APPROVAL: ("warn", "clock"),
    ProposalStatus.APPROVED: ("ok", "check"),
    ProposalStatus.SENT: ("info", "send"),
    ProposalStatus.ACCEPTED: ("ok", "check"),
    ProposalStatus.REFUSED: ("danger", "x"),
    ProposalStatus.EXPIRED: ("warn", "over"),
    ProposalStatus.SUPERSEDED: ("", "refresh"),
}
LINE_TONES = {
    LineStatus.PLANNED: ("", "st1"),
    LineStatus.RELEASED: ("info", "arrow"),
    LineStatus.IN_WORK: ("info", "tools"),
    LineStatus.DONE: ("ok", "check"),
    LineStatus.FAILED: ("danger", "x"),
    LineStatus.CANCELLED: ("", "ban"),
}
ENTRY_ICONS = {
    EntryKind.OFFER: ("info", "send"),
    EntryKind.COUNTER: ("warn", "message"),
    EntryKind.REFUSAL: ("danger", "x"),
    EntryKind.NOTE: ("", "edit"),
}
ACTS_OF_LINE = {
    LineStatus.RELEASED: ("start_line", "finish_line", "cancel_line"),
    LineStatus.IN_WORK: ("finish_line", "fail_line", "cancel_line"),
    LineStatus.FAILED: ("start_line", "cancel_line"),
    LineStatus.CANCELLED: ("agree_cancellation",),
}


@staff_only
@require_GET
def remedy(request: HttpRequest, ref: str) -> HttpResponse:
    """Every version, the newest first; the one that counts is open, with its approvals and its carrying out."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    acts = Acts(complaint, reader.user, "remedy")
    versions = _versions(complaint)
    words = {
        **frame.head(request, complaint, "case-remedy", reader),
        **next_card(acts, "remedy"),
        "versions": [_version(row, before, acts, reader) for row, before in _with_before(versions)],
        "heads": _draft(complaint, versions, acts),
        "talk": [_entry(entry, reader) for entry in complaint.negotiation.select_related("by").order_by("-at", "-pk")],
        "talk_acts": acts.heads("offer", "record_agreement", "remind_confirmation"),
        "confirmed": _confirmed(complaint, reader),
    }
    return render(request, "remediation/remedy.html", words)


def _versions(complaint: Complaint) -> list[Proposal]:
    lines = ProposalLine.objects.select_related("owner", "entitlement", "clause", "done_by").order_by("position")
    decided = Approval.objects.select_related("person").order_by("at", "pk")
    rows = complaint.proposals.select_related(
        "drafted_by", "submitted_by", "acceptance", "letter", "basis_confirmed_by"
    )
    rows = rows.prefetch_related(Prefetch("lines", lines), Prefetch("approvals", decided), "agreements")
    found = list(rows.order_by("-number"))
    kept: dict[int, EntitlementAssessment] = {}  # one copy of each, so that it is derived once
    for row in found:
        row.complaint = complaint
        for line in row.lines.all():
            if line.entitlement is not None:
                line.entitlement = kept.setdefault(line.entitlement.pk, line.entitlement)
    return found


def _draft(complaint: Complaint, versions: Sequence[Proposal], acts: Acts) -> list[Words]:
    """Return the link to the next version, where none is active; before the diagnosis is agreed, to an interim one."""
    active = any(row.status in ACTIVE and row.cycle == complaint.cycle for row in versions if not row.interim)
    return [] if active or complaint.state == State.NEGOTIATING else acts.heads("draft_proposal")


def _with_before(versions: Sequence[Proposal]) -> Iterator[tuple[Proposal, Proposal | None]]:
    """Yield each version with the one that it replaced; an interim remedy replaces none."""
    for place, row in enumerate(versions):
        earlier = (one for one in versions[place + 1 :] if not one.interim)
        yield row, None if row.interim else next(earlier, None)


def _version(row: Proposal, before: Proposal | None, acts: Acts, reader: Reader) -> Words:
    unsent = row.status in UNSENT
    live = unsent or row.status in (ProposalStatus.SENT, ProposalStatus.ACCEPTED)
    needed, problem = _needed(row) if unsent else ([], "")
    lines = list(row.lines.all())
    return {
        "row": row,
        "anchor": f"v{row.number}",
        "badge": badge(row.status, row.get_status_display(), VERSION_TONES),
        "open": live and row.cycle == acts.complaint.cycle,
        "note": _drafted(row, reader),
        "terms": _terms(row, reader),
        "lines": [_line(line, row, acts, reader) for line in lines],
        "costs": sums(line.cost for line in lines if line.status != LineStatus.CANCELLED),
        "amounts": list(proposals.totals(row).values()),
        "acts": _acts_of_version(row, acts) if row.cycle == acts.complaint.cycle else [],
        "value": _value(row) if unsent and not problem else None,
        "problem": problem,
        "changed": [_changed(line) for line in basis.changed(row)] if unsent else [],
        "confirmed": _basis_confirmed(row, reader),
        "chain": [_step(entry, reader) for entry in needed] if unsent else [],
        "decided": _decisions_made(row, reader, whys=approvals.whys_then(row) if live and not unsent else {}),
        "decisions": _decisions(row, needed, acts),
        "refusal": row.refusal if row.status == ProposalStatus.DRAFT else "",
        "changes": changes.between(before, row) if before else None,
        "before": before.number if before else None,
    }


def _needed(row: Proposal) -> tuple[list[Needed], str]:
    """Return whose agreement is needed, or why that cannot be said."""
    try:
        return approvals.approvers_needed(row), ""
    except Refused as refusal:
        return [], " ".join(say(why) for why in refusal.reasons)


def _value(row: Proposal) -> Money:
    on = company_date(row.submitted_at or row.drafted_at)
    return approvals.committed_value(row.complaint, on=on, besides=row)


def _drafted(row: Proposal, reader: Reader) -> str:
    said = _("drafted by {who} {when}").format(who=row.drafted_by.name, when=when(row.drafted_at, reader))
    return said if row.sent_at is None else _("{said}, sent {when}").format(said=said, when=when(row.sent_at, reader))


def _terms(row: Proposal, reader: Reader) -> list[Words]:
    today = customer_date(row.complaint, reader.now)
    over = row.expired(today) and row.status in (*UNSENT, ProposalStatus.SENT)
    facts = [
        pair(_("Valid until"), day(row.valid_until) or _("not set"), note=_("over") if over else ""),
        pair(_("Conditions"), row.conditions),
        pair(_("Liability"), _("without admission") if row.without_admission else _("admitted")),
        pair(_("Reservation"), row.reservation),
    ]
    acceptance = getattr(row, "acceptance", None)
    if acceptance:
        facts.append(
            pair(_("Accepted"), joined(acceptance.name, when(acceptance.at, reader)),
                 note=f"{AcceptanceKind(acceptance.kind).label} · {acceptance.evidence}")
        )  # fmt: skip
    for one in row.agreements.all():
        note = _("to {payee}, {evidence}").format(payee=one.payee, evidence=one.evidence)
        facts.append(pair(_("Agreement signed"), joined(one.amount, day(one.signed_on)), note=note))
    return [fact for fact in facts if fact["value"]]


def _acts_of_version(row: Proposal, acts: Acts) -> list[Words]:
    if row.status not in UNSENT:
        return []
    names = ["add_line", "set_terms"]
    if row.status == ProposalStatus.DRAFT:
        names.append("submit_proposal")
    if row.interim and row.status == ProposalStatus.APPROVED:
        names.append("release_interim")
    if basis.changed(row):
        names.append("confirm_basis")
    return acts.links(row, *names, field="proposal")


def _changed(line: ProposalLine) -> Words:
    """Return the banner of a line whose facts have changed: what it rests on, and what is otherwise."""
    assert line.entitlement is not None
    text = _("“{line}”, {amount}: the facts have changed. {differs}").format(
        line=line.description, amount=line.amount, differs=difference_line(line.entitlement.differs)
    )
    return {"text": text, "url": reverse("case-assessment", args=[line.proposal.complaint.ref, line.entitlement.pk])}


def _basis_confirmed(row: Proposal, reader: Reader) -> str:
    if row.basis_confirmed_by is None or row.basis_confirmed_at is None:
        return ""
    said = _("{who} confirmed the sums {when}, although facts had changed: {why}")
    return said.format(who=row.basis_confirmed_by.name, when=when(row.basis_confirmed_at, reader),
                       why=row.basis_confirmed_because)  # fmt: skip


def _decisions(row: Proposal, needed: list[Needed], acts: Acts) -> list[Words]:
    """Return the links to agree or to send back, for somebody who may."""
    mine = any(entry.pending and acts.user in entry.who for entry in needed)
    in_approval = row.status == ProposalStatus.IN_APPROVAL
    return acts.links(row, "approve_proposal", "refuse_proposal", field="proposal") if mine and in_approval else []


# Approvals ------------------------------------------------------------------------------------------------------------


def _step(entry: Needed, reader: Reader) -> Words:
    """Return one agreement that is needed as _gates.html shows it."""
    level = _("Customer") if entry.level == approvals.CUSTOMER else Level(entry.level).label
    if entry.done:
        text = _("{level}: {who}, {when}").format(
            level=level, who=entry.done.person.name, when=when(entry.done.at, reader)
        )
        return {"done": True, "text": text, "why": joined(say(entry.why), entry.done.comment)}
    if not entry.blocks:
        return {"text": level, "why": _("agrees by accepting")}
    who = quoted(entry.who) or _("nobody may give it")
    return {"text": _("{level}: {who}").format(level=level, who=who), "why": say(entry.why)}


def _decisions_made(row: Proposal, reader: Reader, whys: dict[str, Reason]) -> list[Words]:
    """Return what was decided, but for what the chain of an unsent version shows; with the reason of what counts."""
    rows = [one for one in row.approvals.all() if row.status not in UNSENT or one.voided_at]
    return [_decided(one, reader, None if one.voided_at else whys.get(one.level)) for one in rows]


def _decided(row: Approval, reader: Reader, why: Reason | None) -> Words:
    agreed = row.decision == Decision.APPROVED
    text = _("{level}: {who}, {when}").format(
        level=row.get_level_display(), who=row.person.name, when=when(row.at, reader)
    )
    said = [text for text in (say(why) if why else "", row.comment) if text]
    if not agreed:
        said.insert(0, _("sent back"))
    elif row.voided_at:
        said.insert(0, _("void since {when}").format(when=when(row.voided_at, reader)))
    return {"done": agreed and not row.voided_at, "locked": False, "text": text, "why": joined(*said)}


# Lines ----------------------------------------------------------------------------------------------------------------


def _line(line: ProposalLine, row: Proposal, acts: Acts, reader: Reader) -> Words:
    return {
        "row": line,
        "kind": line.get_kind_display(),
        "quantity": _quantity(line),
        "due": day(line.due_on),
        "over": _late(line, row, reader),
        "badge": badge(line.status, line.get_status_display(), LINE_TONES),
        "ground": _ground(line),
        "story": _story(line, reader),
        "acts": _acts_of_line(line, row, acts),
    }


def _quantity(line: ProposalLine) -> str:
    return "" if line.quantity is None else f"{line.quantity:f} {line.unit}".strip()


def _late(line: ProposalLine, row: Proposal, reader: Reader) -> bool:
    open_ = line.status in (LineStatus.PLANNED, LineStatus.RELEASED, LineStatus.IN_WORK, LineStatus.FAILED)
    return bool(open_ and line.due_on and line.due_on < customer_date(row.complaint, reader.now))


def _acts_of_line(line: ProposalLine, row: Proposal, acts: Acts) -> list[Words]:
    if row.cycle != acts.complaint.cycle:
        return []
    if row.status in UNSENT:
        return acts.links(line, "change_line", "remove_line", field="line")
    agreed = row.status == ProposalStatus.ACCEPTED or (row.interim and row.status == ProposalStatus.SENT)
    names = ACTS_OF_LINE.get(LineStatus(line.status), ())
    if not agreed or (line.status == LineStatus.CANCELLED and line.cancelled_by_customer):
        return []
    return acts.links(line, *names, field="line")


def _ground(line: ProposalLine) -> list[Words]:
    """Return on what the line rests, step by step, as _explain.html shows it."""
    found = []
    if line.clause:
        found.append({"tone": "yes", "text": f"§{line.clause.number} {line.clause.heading}".strip()})
    if line.entitlement:
        if line.head:
            found += _working(line)
        tone = {"ENTITLED": "yes", "PARTIAL": "yes", "NOT_ENTITLED": "no"}.get(line.entitlement.status, "ask")
        said = _("Entitlement: {status}. {why}").format(
            status=line.entitlement.get_status_display(), why=line.entitlement.reasoning
        )
        if line.entitlement.computed:
            url = reverse("case-assessment", args=[line.proposal.complaint.ref, line.entitlement.pk])
            said = _("Assessment {number}").format(number=line.entitlement.number)
            found.append({"tone": tone, "text": said, "url": url, "action": _("The whole working")})
        else:
            found.append({"tone": tone, "text": said})
            found += [{"tone": "yes", "text": _head(head)} for head in line.entitlement.heads]
    if line.goodwill:
        found.append({"tone": "ask", "text": _("Goodwill: {why}").format(why=line.goodwill_reason)})
    return found


def _working(line: ProposalLine) -> list[Words]:
    """Return how the sum comes about that the line takes from its assessment."""
    assessed = line.entitlement
    assert assessed is not None
    if "_found" not in assessed.__dict__:
        assessed.__dict__["_found"] = assessing.derived(assessed)
    found = assessed.__dict__["_found"]
    return [{"tone": "yes", **one} for one in working(found, line.head)] if found else []


def _head(head: dict[str, str]) -> str:
    parts = (head.get("head"), head.get("clause"), head.get("formula"))
    sum_ = f"{head.get('currency', '')} {head.get('amount', '')}".strip()
    return " · ".join(str(part) for part in (*parts, sum_) if part)


def _story(line: ProposalLine, reader: Reader) -> list[str]:
    """Return what happened to the line, as short sentences."""
    found = []
    if line.failures:
        found.append(_("failed {n} times: {why}").format(n=line.failures, why=line.failed_because))
    if line.done_at:
        who = line.done_by.name if line.done_by else ""
        found.append(_("done {when} by {who}").format(when=when(line.done_at, reader), who=who))
    found += [text for text in (line.evidence_text, line.reinspection_result) if text and line.done_at]
    if line.cancelled_because:
        both = _("agreed by the customer") if line.cancelled_by_customer else _("the customer has not agreed yet")
        found.append(_("cancelled: {why} ({both})").format(why=why_ended(line.cancelled_because), both=both))
    return found


# The talks ------------------------------------------------------------------------------------------------------------


def _entry(entry: NegotiationEntry, reader: Reader) -> Words:
    return {
        "badge": badge(entry.kind, entry.get_kind_display(), ENTRY_ICONS),
        "who": entry.by.name,
        "when": when(entry.at, reader),
        "text": entry.text,
    }


def _confirmed(complaint: Complaint, reader: Reader) -> list[Words]:
    """Return how often the customer was asked to confirm, and what came of it."""
    asked = list(complaint.confirmation_reminders.filter(cycle=complaint.cycle).order_by("sent_at"))
    rows = [pair(_("Asked to confirm"), when(row.sent_at, reader)) for row in asked]
    for row in complaint.confirmations.filter(cycle=complaint.cycle):
        name = _("by silence") if row.deemed else row.person
        rows.append(pair(_("Confirmed"), joined(name, when(row.at, reader)), note=way(row.how)))
    return rows
