"""
What an act's page shows before the button is pressed: what is decided, or what goes out, to whom and in which language.

An act names a function `shows(complaint, *, user, form, at)` that returns a Shown; complaints/_shown.html draws it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints import experts, letter_page, letters, like_words, mends
from complaints.experts import Expert
from complaints.forms.base import colleagues
from complaints.gates import reason
from complaints.models import Complaint
from complaints.models.states import LetterKind, Party
from complaints.timeline import date_words, joined, listed
from complaints.words import part_label

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.acts import Words
    from complaints.forms.base import ActForm

Row = dict[str, Any]
PARTS = (
    "description", "extent", "suspected_cause", "confidence", "test_plan", "containment", "remedy_direction",
    "next_dates", "questions", "contact_person",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """
    One card: any of these, in this order.

    warning: {text, url, action}.  facts: pairs as in _kv.html.  columns, rows: a table; a row is a list of cells
    {text, note, num, strong}.  gates: as in _gates.html.  links: {url, label, note}.  letter: a whole page, in a frame.
    grade: the risk matrix with what the form gives.
    """

    title: Words
    warning: Row | None = None
    facts: tuple[Row, ...] = ()
    columns: tuple[Row, ...] = ()
    rows: tuple[list[Row], ...] = ()
    gates: tuple[Row, ...] = ()
    links: tuple[Row, ...] = ()
    letter: str = ""
    grade: Row | None = None  # as complaints.grade_page.panel

    def labelled(self) -> list[list[Row]]:
        """Return the rows, each cell with its column's name, for a phone where the heads are gone."""
        names = [column["text"] for column in self.columns]
        return [[one | {"label": name} for one, name in zip(row, names, strict=True)] for row in self.rows]


@dataclass(frozen=True)
class Shown:
    """The cards, above the form or beside it, and what the button says instead of the act's label."""

    sections: tuple[Section, ...] = ()
    button: Words = ""
    beside: bool = False


Shows = Callable[..., Shown]


def pair(name: Words, value: Any, note: Words = "") -> Row:
    """Return a fact as _kv.html shows it."""
    return {"name": name, "value": value, "note": note}


def cell(text: Any, note: Any = "", *, num: bool = False, strong: bool = False) -> Row:
    """Return one cell of a section's table."""
    return {"text": text, "note": note, "num": num, "strong": strong}


# Who could do it ------------------------------------------------------------------------------------------------------


def experts_for(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """Show who has worked on such goods and such failures, with why, and what each carries now."""
    found = experts.propose(complaint, user, who=colleagues().values_list("pk", flat=True), at=at)
    if not found:
        return Shown()
    columns = tuple(cell(name) for name in (_("Who"), _("Why"), _("Has at hand"), _("Here")))
    return Shown((Section(_("Who knows this"), columns=columns, rows=tuple(map(_expert, found))),), beside=True)


def _expert(one: Expert) -> list[Row]:
    proved = ngettext("proved a cause in {n} such case", "proved a cause in {n} such cases", one.proved)
    sat = ngettext("sat on the team of {n} such case", "sat on the teams of {n} such cases", one.sat)
    parts = [words.format(n=n) for words, n in ((proved, one.proved), (sat, one.sat)) if n]
    if one.declares:
        parts.append(_("declares: {what}").format(what=one.declares))
    cases = ngettext("{n} open case", "{n} open cases", one.open_cases).format(n=one.open_cases)
    tasks = ngettext("{n} open task", "{n} open tasks", one.open_tasks).format(n=one.open_tasks)
    here = _("away until {day}").format(day=date_words(one.away_until)) if one.away_until else _("yes")
    why = cell(joined(*parts), listed(one.cases))
    return [cell(one.user.name, strong=True), why, cell(joined(cases, tasks)), cell(here)]


# What goes out --------------------------------------------------------------------------------------------------------


def outgoing(kind: LetterKind) -> Shows:
    """Return what shows a letter of that kind as the customer would get it now."""

    def shows(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
        language = _language(complaint, form)
        person = form["contact_person"].value() if "contact_person" in form.fields else None
        named = colleagues().filter(email=person).first() if person else None
        facts = letters.facts_of(
            complaint, kind, by=user, at=at, language=language, contact_person=named or user, final=True
        )
        page = letter_page.on_screen(kind, facts, photo=lambda sha: reverse("letter-photo", args=[complaint.ref, sha]))
        others = _other_languages(complaint, form, kind, language)
        return Shown((receiver(complaint, language), Section(_("What goes out"), links=others, letter=page)))

    return shows


def _other_languages(complaint: Complaint, form: ActForm, kind: LetterKind, language: str) -> tuple[Row, ...]:
    """Return links to the same page in another language, where the form offers one."""
    if "language" not in form.fields or kind != LetterKind.EIGHT_D:
        return ()
    page = mends.address(complaint, "send_8d")
    return tuple(
        {"url": f"{page}?language={code}", "label": _("Look at it in {language}").format(language=name), "note": ""}
        for code, name in settings.LANGUAGES
        if code != language
    )


def receiver(complaint: Complaint, language: str = "") -> Section:
    """Return to whom a letter goes, by which way, in which language."""
    named = dict(settings.LANGUAGES).get(language or complaint.language, language)
    firm = complaint.customer.name if complaint.customer else ""
    found = letters.addressee(complaint)
    facts = [
        pair(_("By mail"), f"{found.name} <{found.email}>" if found and found.name else found.email if found else "–"),
        pair(_("On the portal"), firm),
        pair(_("Language"), str(named)),
    ]
    return Section(_("To whom"), warning=None if found else unreachable(complaint), facts=tuple(facts))


def unreachable(complaint: Complaint) -> Row:
    """Return that nobody is told by mail, with the way to an address."""
    return {
        "text": _("Nobody is told by mail: this case has no contact address. It stands on the portal only."),
        "url": mends.address(complaint, "edit_facts", reason("contact_missing")),
        "action": _("Add an address"),
    }


def _language(complaint: Complaint, form: ActForm) -> str:
    said = form["language"].value() if "language" in form.fields else ""
    return said if said in dict(settings.LANGUAGES) else complaint.language


# What is decided ------------------------------------------------------------------------------------------------------


def initial(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """The newest version of the initial analysis, part by part."""
    latest = complaint.initial_analyses.filter(cycle=complaint.cycle).order_by("-number").first()
    if latest is None:
        return Shown()
    said = {name: getattr(latest, name) for name in PARTS}
    said["confidence"] = latest.get_confidence_display()
    said["contact_person"] = latest.contact_person.name if latest.contact_person else ""
    facts = tuple(pair(part_label(name), value or "–") for name, value in said.items())
    title = _("Version {number}, written by {who}").format(number=latest.number, who=latest.written_by.name)
    return Shown((Section(title, facts=facts), receiver(complaint)))


def shares(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """The newest shares of the cause with their reasons."""
    latest = complaint.attributions.filter(cycle=complaint.cycle).order_by("-number").first()
    if latest is None:
        return Shown()
    rows = tuple(
        [
            cell(Party(row.party).label, row.supplier.name if row.supplier else ""),
            cell(f"{row.basis_points / 100:.2f} %", num=True),
            cell(row.because),
        ]
        for row in latest.shares.select_related("supplier").order_by("-basis_points", "pk")
    )
    columns = (cell(_("Who bears it")), cell(_("Share"), num=True), cell(_("Reason")))
    title = _("Proposed by {who}").format(who=latest.proposed_by.name)
    return Shown((Section(title, columns=columns, rows=rows),))


def rejection(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """The prepared rejection, word for word."""
    prepared = complaint.rejections.filter(cycle=complaint.cycle).select_related("clause", "prepared_by").first()
    if prepared is None:
        return Shown()
    facts = (
        pair(_("Reason"), prepared.get_reason_display()),
        pair(_("Clause"), f"§{prepared.clause.number} {prepared.clause.heading}" if prepared.clause else "–"),
        pair(_("Evidence"), prepared.evidence),
        pair(_("What the letter says"), prepared.letter_text),
    )
    on = date_words(prepared.prepared_at.date())
    title = _("Prepared by {who}, {on}").format(who=prepared.prepared_by.name, on=on)
    return Shown((Section(title, facts=facts), receiver(complaint)))


def look_alikes(complaint: Complaint, *, user: User, form: ActForm, at: datetime) -> Shown:
    """Cases of the same goods, or told in the same words, to tell a duplicate."""
    links = tuple(
        {"url": row["url"], "label": f"{row['ref']} · {row['title']}", "note": row["why"]}
        for row in like_words.beside(complaint, user)
    )
    nothing = () if links else (pair(_("Found"), _("No case of the same goods, or told in the same words.")),)
    return Shown((Section(_("Similar and linked"), links=links, facts=nothing),), beside=True)
