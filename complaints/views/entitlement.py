"""`/cases/<ref>/entitlement/`: what the contract gives on the facts of now, what if, and what was kept before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.doors import staff_only
from complaints import acts, assessing, entitling, standing, timeline
from complaints import entitling_words as words
from complaints.days import company_date
from complaints.entitling import Basis, Unfit
from complaints.forms.entitling import decided_by
from complaints.forms.what_if import WhatIfForm
from complaints.models import Complaint, EntitlementAssessment, VerdictDispute
from complaints.views import frame
from contracts import entitlement as engine
from contracts import entitlement_lines
from contracts.clauses.case import InForce
from contracts.clauses.gates import Flip
from contracts.clauses.working import written
from contracts.models import Clause

ENTERED_AT = {  # where a fact is entered that nobody states here: act, field of its form
    "found_on": ("edit_facts", "found_on"),
    "units_claimed": ("edit_facts", "quantity_affected"),
    "requested": ("edit_facts", "remedy_asked"),
    "units_confirmed": ("record_extent", "confirmed"),
    "seller_share_pct": ("attribute", ""),
}
ACTS = ("state_facts", "assess_by_contract", "look_at_assessment", "dispute_verdict")
OF_CONTRACT = ("contract_price", "prices_include_vat", "vat_pct", "currency", "unchecked")


@staff_only
@require_GET
def entitlement(request: HttpRequest, ref: str) -> HttpResponse:
    """Every clause with verdict, because-line and missing facts; what if, by the address; kept versions, disputes."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    with standing.once(complaint):
        shown = {
            **frame.head(request, complaint, "case-entitlement", reader),
            **_now(request, complaint, reader),
            "kept": _kept_rows(complaint, reader),
            "disputes": [_dispute(row, complaint, reader) for row in _disputes(complaint)],
            "do": _links(complaint, reader, *ACTS),
        }
    return render(request, "complaints/entitlement.html", shown)


@staff_only
@require_GET
def kept(request: HttpRequest, ref: str, pk: int) -> HttpResponse:
    """One kept assessment as it was known then, and what would be otherwise now."""
    reader = frame.reader_of(request)
    complaint = frame.find(request, ref)
    rows = complaint.entitlements.select_related("by", "look__by", "contract_version__contract")
    row = rows.saying_whether_they_ask().filter(pk=pk).first()
    if row is None:
        raise Http404
    shown = {**frame.head(request, complaint, "case-entitlement", reader), **_kept(row, complaint, reader)}
    return render(request, "complaints/assessment.html", shown)


def _now(request: HttpRequest, complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    """Return the answer on the facts of now, or as the address would have them."""
    form = WhatIfForm(request.GET or None)
    shown: dict[str, Any] = {"form": form, "basis": None, "unfit": "", "supposed": []}
    try:
        plain = entitling.basis_of(complaint, at=reader.now)
        if plain is None:
            return shown
        known = plain.assess()
    except Unfit as unfit:
        return shown | {"unfit": words.problems(unfit)}
    mend = mends_of(complaint, reader)
    form.tell_known(plain)
    otherwise = _supposed(form, complaint, reader, plain)
    basis, found = otherwise or (plain, known)
    panel = _panel(found, basis, complaint, reader, mend, supposing=otherwise is not None)
    shown |= {
        "basis": basis,
        "headline": words.headline(found),
        "as_of": words.case_as_of(basis),
        "named": words.named_otherwise(basis, complaint),
        "to_version": _to_version(complaint, reader),
        "rows": panel.rows(),
        "facts": words.fact_rows(basis.held, mend, form.facts() if otherwise else {}),
        "left_out": words.left_out_rows(basis.left_out),
    }
    if otherwise is None:
        return shown
    differs = words.difference_rows(entitlement_lines.differences(known, found), found.facts.currency)
    return shown | {"supposed": form.in_words(), "differs": differs}


def _supposed(
    form: WhatIfForm, complaint: Complaint, reader: timeline.Reader, plain: Basis
) -> tuple[Basis, engine.Assessment] | None:
    """
    Return the answer on what the form supposes; None where it supposes nothing that can be worked out.

    What contradicts the facts that are known is said at its field of the form.
    """
    if not (form.is_bound and form.is_valid() and form.changes()):
        return None
    as_of = form.cleaned_data.get("as_of")
    try:
        basis = plain if as_of is None else entitling.basis_of(complaint, at=reader.now, as_of=as_of)
        if basis is None:
            form.add_error("as_of", _("Legal has checked no clause of the version that was in force on that day."))
            return None
        return basis, basis.assess(**_fitting(basis, form.facts()))
    except Unfit as unfit:
        form.blame(unfit)
        return None


def _fitting(basis: Basis, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes, once the facts hold together with them. Raises Unfit."""
    raw = {name: one.value for name, one in basis.held.items()}
    entitling.facts_from(raw | {name: written(value) for name, value in changes.items()})
    return changes


def _panel(
    found: engine.Assessment, basis: Basis, complaint: Complaint, reader: timeline.Reader, mend: words.Mend,
    *, supposing: bool,
) -> words.Panel:  # fmt: skip
    """Return the rows of an answer; of one that only supposes, no verdict can be disputed."""
    here = reverse("case-entitlement", args=[complaint.ref])

    def turn(flip: Flip) -> str:
        said = {each.fact: _typed(each.to) for each in (flip, *flip.also)}
        return f"{here}?{urlencode(said)}" if set(said) <= set(WhatIfForm.FACTS) else ""

    contract = complaint.contract
    return words.Panel(
        found, today=company_date(reader.now), row_of=basis.row_of, contract=contract.ref if contract else "",
        mend=mend, disputes=_disputes(complaint), turn=turn,
        dispute="" if supposing else next((one["url"] for one in _links(complaint, reader, "dispute_verdict")), ""),
    )  # fmt: skip


def _typed(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, written(value)) if isinstance(value, bool) else written(value)


def _disputes(complaint: Complaint) -> list[VerdictDispute]:
    """Return the disputes of this cycle, the newest first; read once a page."""
    return standing.asked(complaint, "verdict_disputes", _read_disputes)  # type: ignore[no-any-return]


def _read_disputes(complaint: Complaint) -> list[VerdictDispute]:
    rows = complaint.verdict_disputes.filter(cycle=complaint.cycle).select_related("by", "decided_by")
    return list(rows.order_by("-number"))


def mends_of(complaint: Complaint, reader: timeline.Reader) -> Callable[[str], dict[str, Any]]:
    """Return which leads from the name of a fact to where this reader enters it."""
    offers: dict[str, bool] = {}

    def may(name: str) -> bool:
        if name not in offers:
            act = acts.get(name)
            offers[name] = act is not None and acts.offer(act, complaint, reader.user).allowed
        return offers[name]

    def mend(fact: str) -> dict[str, Any]:
        if fact in OF_CONTRACT:
            url = complaint.contract.get_absolute_url() if complaint.contract else ""
            return {"url": url, "action": _("See the contract")} if url else {}
        name, field = ENTERED_AT.get(fact, ("state_facts", fact))
        if fact not in entitling.STATED and fact not in ENTERED_AT:
            return {}
        if not may(name):
            return {}
        query = f"?fact={fact}" if name == "state_facts" else ""
        anchor = f"#id_{field}" if field else ""
        return {"url": reverse("case-do", args=[complaint.ref, name]) + query + anchor, "action": _("Enter it")}

    return mend


def _to_version(complaint: Complaint, reader: timeline.Reader) -> str:
    """Return where this reader names another version of the contract, if they may."""
    links = _links(complaint, reader, "edit_facts")
    return f"{links[0]['url']}#id_contract_version" if links else ""


def _links(complaint: Complaint, reader: timeline.Reader, *names: str) -> list[dict[str, Any]]:
    found = [(name, acts.get(name)) for name in names]
    offers = [(name, acts.offer(act, complaint, reader.user)) for name, act in found if act]
    return [
        {"url": reverse("case-do", args=[complaint.ref, name]), "label": offer.act.label}
        for name, offer in offers if offer.allowed
    ]  # fmt: skip


# What was kept --------------------------------------------------------------------------------------------------------


def _kept_rows(complaint: Complaint, reader: timeline.Reader) -> list[dict[str, Any]]:
    rows = complaint.entitlements.select_related("by", "look__by").defer("record", "heads", "left_out", "reasoning")
    return [
        {"row": row, "url": reverse("case-assessment", args=[complaint.ref, row.pk]),
         "when": timeline.when(row.at, reader), "differs": words.difference_line(row.differs), **_look(row, reader)}
        for row in rows.saying_whether_they_ask().order_by("-cycle", "-number")
    ]  # fmt: skip


def _look(row: EntitlementAssessment, reader: timeline.Reader) -> dict[str, Any]:
    """Return who of Legal looked at an assessment and what was said; or that it still asks for a lawyer."""
    look = getattr(row, "look", None)
    if look is None:
        return {"looked": "", "asks": row.asks}  # type: ignore[attr-defined]
    when = timeline.when(look.at, reader)
    looked = _("{who} looked at it for Legal, {when}: {said}").format(who=look.by.name, when=when, said=look.said)
    return {"looked": looked, "asks": False}


def _kept(row: EntitlementAssessment, complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    found = assessing.derived(row)
    shown: dict[str, Any] = {"row": row, "when": timeline.when(row.at, reader), "title": _title(row), "found": found,
                             **_look(row, reader), **_may_look(row, complaint, reader)}  # fmt: skip
    if found is None:
        return shown | {"clauses": list(row.clauses.order_by("number", "pk"))}
    by_key = {(one.version.version, one.number, one.type): one for one in row.clauses.select_related("version")}
    panel = words.Panel(found, today=_day_of(row, found), row_of=_finder(by_key), contract=_number(row))
    row.complaint = complaint
    held = {name: entitling.Held(value, "") for name, value in found.facts.to_data().items()}
    return shown | {
        "headline": words.headline(found),
        "rows": panel.rows(),
        "facts": [{"name": str(words.words.fact(name)), "value": words.value_of(name, one.value)}
                  for name, one in held.items() if name not in ("currency", "unchecked")],
        "left_out": words.kept_left_out(row),
        "holds": assessing.holds(row, found),
        "rules": {"kept": assessing.rules_of(row), "now": engine.RULE_VERSION,
                  "differs": words.difference_rows(assessing.by_rules_of_now(row, found), found.facts.currency)},
        "differs": words.difference_rows(assessing.now_otherwise(row, at=reader.now)),
    }  # fmt: skip


def _may_look(row: EntitlementAssessment, complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    """Return where this reader says that Legal looked at the assessment, if it asks and nobody did."""
    if not row.asks or hasattr(row, "look") or row.cycle != complaint.cycle:  # type: ignore[attr-defined]
        return {"look": None}
    link = next(iter(_links(complaint, reader, "look_at_assessment")), None)
    return {"look": link and {**link, "url": f"{link['url']}?assessment={row.pk}"}}


def _finder(by_key: dict[tuple[int, str, str], Clause]) -> Callable[[InForce | None], Clause | None]:
    return lambda clause: by_key.get((clause.version, clause.number, clause.type)) if clause else None


def _day_of(row: EntitlementAssessment, found: engine.Assessment) -> date:
    return found.facts.assessed_on or company_date(row.at)


def _number(row: EntitlementAssessment) -> str:
    return row.contract_version.contract.ref if row.contract_version else ""


def _title(row: EntitlementAssessment) -> str:
    return _("Assessment {number}").format(number=row.number)


def _dispute(row: VerdictDispute, complaint: Complaint, reader: timeline.Reader) -> dict[str, Any]:
    act = acts.get("decide_dispute")
    may = assessing.may_decide(row, reader.user) and act and acts.offer(act, complaint, reader.user).allowed
    tone, icon = {"": ("warn", "clock"), "UPHELD": ("ok", "check"), "DISMISSED": ("", "x")}[row.decision]
    return {
        "row": row,
        "what": words.what_in_words(row.what),
        "found": words.verdict_word(row.what, row.found),
        "wanted": words.verdict_word(row.what, row.wanted),
        "when": timeline.when(row.at, reader),
        "decided": timeline.when(row.decided_at, reader) if row.decided_at else "",
        "tone": tone, "icon": icon,
        "word": row.get_decision_display() if row.decision else _("Waits for another person"),
        "waits_for": "" if row.decision else decided_by(row.by),
        "url": reverse("case-do", args=[complaint.ref, "decide_dispute"]) + f"?dispute={row.pk}" if may else "",
    }  # fmt: skip
