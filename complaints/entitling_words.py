"""The answer of the contract in words: a row for each gate, head and clause, what it lacks, what would turn it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from complaints.entitling import Basis, Held, LeftOut
from complaints.models import Complaint, EntitlementAssessment, VerdictDispute
from contracts import entitlement_words as words
from contracts.clauses.asking import Amount
from contracts.clauses.case import CaseFacts, InForce, in_force
from contracts.clauses.gates import Flip, Gate, Passed
from contracts.clauses.kinds import Number, Whole
from contracts.clauses.rulings import GATES, gate_name, head_name
from contracts.clauses.working import Step
from contracts.entitlement import Assessment, Head, Part, Status, Verdict
from contracts.law_words import cited
from contracts.models import Clause, ClauseType, Contract
from contracts.words import Words

Row = dict[str, Any]
Mend = Callable[[str], Row]  # the name of a fact → {url, action} where this reader can enter it, else {}

TONES = {"yes": ("ok", "check"), "no": ("danger", "x"), "ask": ("warn", "risk")}
APPLIES: dict[str, Words] = {
    "yes": pgettext_lazy("clause verdict", "Applies"),
    "no": pgettext_lazy("clause verdict", "Does not apply"),
    "ask": pgettext_lazy("clause verdict", "Needs a fact"),
}
IN_TIME: dict[str, Words] = {
    **APPLIES,
    "yes": pgettext_lazy("clause verdict", "Met"),
    "no": pgettext_lazy("clause verdict", "Missed"),
}
TO_JUDGE = pgettext_lazy("clause verdict", "Legal must judge it")
DISPUTED = pgettext_lazy("clause verdict", "Disputed")
OF_GATE = {Passed.PASS: "yes", Passed.FAIL: "no", Passed.UNKNOWN: "ask"}
OF_HEAD = {Verdict.ENTITLED: "yes", Verdict.NOT_ENTITLED: "no", Verdict.UNDETERMINED: "ask"}
PERIODS = ("gate N", "gate G")
CODES = {str(verdict.value): key for table in (OF_GATE, OF_HEAD) for verdict, key in table.items()}
STATUS_TONES = {
    Status.ENTITLED: ("ok", "check"), Status.PARTIAL: ("ok", "check"), Status.NOT_ENTITLED: ("danger", "x"),
    Status.REVIEW: ("warn", "risk"),
}  # fmt: skip
LEFT_OUT: dict[str, Words] = {
    "unchecked": gettext_lazy("Legal has not checked it yet"),
    "not_judged": gettext_lazy("no rule judges a clause of this kind"),
    "not_asked": gettext_lazy("nothing in the case asks for it"),
    "no_terms": gettext_lazy("its terms were not entered"),
}
ORIGINS: dict[str, Words] = {
    "case": pgettext_lazy("where a fact stands", "the complaint"),
    "goods": pgettext_lazy("where a fact stands", "the delivery"),
    "contract": pgettext_lazy("where a fact stands", "the contract"),
    "extent": pgettext_lazy("where a fact stands", "the list of affected goods"),
    "shares": pgettext_lazy("where a fact stands", "the approved shares of the cause"),
    "today": pgettext_lazy("where a fact stands", "today"),
}
FLAGS: dict[str, Words] = {
    "CAP_REACHED": gettext_lazy("A cap is reached. Where the contract says so, that opens termination."),
    "AGGREGATE_CAP_REACHED": gettext_lazy("The common cap is reached: more is not payable under this contract."),
    "CAP_UNKNOWN": gettext_lazy("The common cap cannot be reckoned yet and may lower the sum."),
    "REDUCTION_MAY_BE_ASKED": gettext_lazy("Agreed damages exceed 130 % of the proven loss: a reduction may be asked."),
    "INCREASE_MAY_BE_ASKED": gettext_lazy("Agreed damages are below the proven loss: an increase may be asked."),
    "EXCLUSION_MAY_BE_VOID": gettext_lazy("An exclusion may be void: nobody has said whether there was gross fault."),
    "LIMITATION_NEAR": gettext_lazy("The time for an action ends in less than six months."),
    "LIMITATION_OVER": gettext_lazy("The time for an action has ended."),
}


def price_hint(contract: Contract) -> Words:
    """Return how a price is to be given so that it can be compared with the contract's."""
    if contract.price_includes_vat is None:
        return gettext_lazy("On the same basis as the contract’s price.")
    return gettext_lazy("With VAT, as the contract’s price.") if contract.price_includes_vat else gettext_lazy(
        "Without VAT, as the contract’s price."
    )  # fmt: skip


def example_of(kind: Any) -> str:
    """Return how a number of that kind is written, as an example; empty of what is chosen or picked."""
    shown = "12500.00" if isinstance(kind, Amount) else "3" if isinstance(kind, Whole) else "12.5"
    return _("e.g. {number}").format(number=shown) if isinstance(kind, Number | Whole) else ""


def verdict_word(what: str, verdict: str) -> str:
    """
    Return a verdict in the words of the panel, wherever it is told: "Met", "Does not apply", "open now".

    what: the name of a gate, head or remedy.  verdict: its code; another code than of a verdict in its own words.
    """
    key = CODES.get(verdict)
    if key is None:
        return words.choice(verdict)
    if what.startswith("remedy "):
        return str(REMEDY_WORDS[key])
    return str((IN_TIME if what in PERIODS else APPLIES)[key])


def gate_choice(gate: Gate) -> str:
    """Return a gate with its verdict, to choose it."""
    return _("{what}: {word}").format(what=words.GATES[gate.name], word=_gate_word(gate))


def head_choice(head: Head) -> str:
    """Return a head with its verdict, to choose it."""
    number = f"§{head.sum.clause.number} " if head.sum.clause else ""
    amount = f" · {head.amount}" if head.amount is not None else ""
    word = f"{_head_word(head)}{amount}"
    return _("{what}: {word}").format(what=f"{number}{kind_of(head.sum.type)}", word=word)


def what_in_words(what: str) -> str:
    """Return the name of a gate or head, as a ruling has it, in words."""
    if what == "total":
        return _("In all")
    if what.startswith("gate "):
        return str(words.GATES.get(what.removeprefix("gate "), what))
    if what.startswith("remedy "):
        return words.choice(what.removeprefix("remedy "))
    kind, _unused, number = what.partition(" ")
    return f"§{number} {kind_of(kind)}" if number else kind_of(kind)


def kind_of(code: str) -> str:
    """Return what a head or part is about."""
    return str(words.KINDS.get(code) or (ClauseType(code).label if code in ClauseType.values else words.choice(code)))


def assessment_choice(row: EntitlementAssessment) -> str:
    """Return a kept assessment in one line, to choose it."""
    said = _("Assessment {number} · {status}").format(number=row.number, status=row.get_status_display())
    return f"{said} · {row.total}" if row.total else said


def dispute_choice(row: VerdictDispute) -> str:
    """Return a dispute in one line, to choose it."""
    wanted = verdict_word(row.what, row.wanted)
    sum_ = f" {row.amount}" if row.amount else ""
    return _("No. {number}: {what}, wanted: {wanted}{sum}").format(
        number=row.number, what=what_in_words(row.what), wanted=wanted, sum=sum_
    )


# The panel ------------------------------------------------------------------------------------------------------------


class Panel:
    """One assessment as rows for one reader; `mend` leads to where a fact is entered, `rows` to the clause."""

    def __init__(
        self, found: Assessment, *, today: date, row_of: Callable[[InForce | None], Clause | None], contract: str = "",
        mend: Mend = lambda _name: {}, disputes: Iterable[VerdictDispute] = (),
        turn: Callable[[Flip], str] | None = None,
        dispute: str = "",
    ) -> None:  # fmt: skip
        self.found, self.today, self.row_of, self.contract, self.mend = found, today, row_of, contract, mend
        self.open = {row.what for row in disputes if not row.decision}
        self.turn, self.dispute = turn, dispute

    def rows(self) -> list[Row]:
        """
        Return gates, heads and the other clauses that say something, in the order of the chain.

        Each says in the same place which change of facts would turn it; what turns a gate that lets a head through is
        said once, at the gate.
        """
        gates = [self.gate(gate) for gate in self.found.gates]
        heads = [self.head(head) for head in self.found.heads]
        return [*gates, *heads, *(self.part(part) for part in self.found.parts), *self._silent()]

    def brief(self, most: int) -> list[Row]:
        """
        Return what a narrow place shows, without its working: the periods, the clauses that say something, and every
        gate that lacks a fact, which it names.
        """
        law = str(words.GATES["A"])  # seldom the news
        rows = [
            row for row in self.rows()
            if row["name"] != law and (row["no"] or row["what"] in PERIODS or row["missing"])
        ]  # fmt: skip
        return [row | {"lines": [], "flips": []} for row in rows[:most]]

    def gate(self, gate: Gate) -> Row:
        if gate.name == "O":
            return self._order(gate)
        key = OF_GATE[gate.verdict]
        row = self._row(gate.clause, words.GATES[gate.name], key, _gate_word(gate), gate.steps)
        days = self._days(gate) if gate.name in ("N", "G") else ""
        may = gate.name in GATES
        return row | {
            "what": gate_name(gate) if may else "", "left": days, "missing": self._missing(gate.missing),
            "flips": self._flips(gate.flips), "review": gate.review, "disputed": gate_name(gate) in self.open,
            "against": self._against(gate_name(gate)) if may else "",
        }  # fmt: skip

    def _order(self, gate: Gate) -> Row:
        """Return the row of the order of remedies: what stops each remedy stops it, and it waits for what they lack."""
        lacking = dict.fromkeys(name for one in self.found.remedies for name in one.missing if name != "review")
        stopped = self._stopping()
        key = "no" if stopped else OF_GATE[gate.verdict]
        word = _gate_word(replace(gate, missing=tuple(lacking))) if key == "ask" else str(APPLIES[key])
        row = self._row(gate.clause, words.GATES["O"], key, word, gate.steps)
        return row | (self._stopped(stopped) | {"lines": []} if stopped else {"flips": self._flips(gate.flips)}) | {
            "what": "", "left": "", "missing": self._missing(lacking), "review": gate.review, "disputed": False,
            "against": "",
        }  # fmt: skip

    def _stopping(self) -> tuple[str, ...]:
        """Return the gates that stop every remedy, before their order matters."""
        every = [{name for name in one.stopped_by if name != "O"} for one in self.found.remedies]
        shut = set.intersection(*every) if every else set()
        return tuple(gate.name for gate in self.found.gates if gate.name in shut)

    def _stopped(self, names: Iterable[str]) -> Row:
        """Return why a row does not come through and, where one gate alone stops it, the facts that would turn that."""
        names = tuple(names)
        said = _("”, “").join(str(words.GATES[name]) for name in names)
        why = ngettext(
            "because “{gates}” does not let it through", "because “{gates}” do not let it through", len(names)
        )
        gate = next((one for one in self.found.gates if one.name == names[0]), None) if len(names) == 1 else None
        return {
            "why": why.format(gates=said),
            "flips": self._flips(gate.flips) if gate else [],
        }

    def head(self, head: Head) -> Row:
        key = OF_HEAD[head.verdict]
        row = self._row(head.sum.clause, kind_of(head.sum.type), key, _head_word(head), head.sum.steps)
        of_gates = set() if head.stopped_by else {flip for gate in self.found.gates for flip in gate.flips}
        if head.stopped_by:
            row |= self._stopped(head.stopped_by)
        row["flips"] = self._flips(flip for flip in head.flips if flip not in of_gates)
        if head.missing and not head.sum.steps and not head.stopped_by:
            row["why"] = _("because facts are missing")
        return row | {
            "what": head_name(head.sum), "missing": self._missing(head.missing), "left": "",
            "review": head.review, "disputed": head_name(head.sum) in self.open,
            "against": "" if head.sum.unchecked else self._against(head_name(head.sum)),
            "amount": str(head.amount) if head.verdict == Verdict.ENTITLED and head.amount is not None else "",
        }  # fmt: skip

    def part(self, part: Part) -> Row:
        missing = tuple(part.result.get("missing", ()))
        last = part.result.get("last_day")
        row = self._row(part.clause, kind_of(part.kind), "ask" if missing else "", "", part.steps)
        if missing:
            row["word"] = str(TO_JUDGE if missing == ("review",) else APPLIES["ask"])
        return row | {
            "what": "", "missing": self._missing(missing), "flips": [], "review": bool(part.result.get("review")),
            "left": self._until(last) if last else "", "disputed": False,
        }  # fmt: skip

    def _silent(self) -> list[Row]:
        """Return the clauses on damages, where the customer asks for them and nobody has said the loss."""
        told = self.found.facts.losses or not any(str(one) == "DAMAGES" for one in self.found.facts.requested)
        current = in_force(self.found.clauses, self.found.as_of)
        clauses = [] if told else [one for one in current if one.type == "DAMAGES"]
        return [
            self._row(one, kind_of("DAMAGES"), "ask", str(APPLIES["ask"]), ())
            | {"what": "", "missing": self._missing(("losses",)), "flips": [], "left": "", "review": True,
               "disputed": False, "why": _("because compensation is asked for and no loss was named yet")}
            for one in clauses
        ]  # fmt: skip

    def _row(self, clause: InForce | None, name: Words, key: str, word: str, steps: tuple[Step, ...]) -> Row:
        tone, icon = TONES.get(key, ("", ""))
        kept = self.row_of(clause)
        lines = [line(step) for step in steps]
        return {
            "no": f"§{clause.number}" if clause else "", "name": str(name), "heading": _heading(clause, kept),
            "page": kept.page if kept else None, "tone": tone, "icon": icon, "word": word,
            "url": reverse("contracts:clause", args=[self.contract, kept.pk]) if kept and self.contract else "",
            "why": _because(steps), "lines": lines if len(lines) > 1 or any(one["cites"] for one in lines) else [],
            "amount": "",
        }  # fmt: skip

    def _against(self, what: str) -> str:
        """Return where this reader disputes a verdict; nothing where it is disputed already."""
        return f"{self.dispute}?{urlencode({'what': what})}" if self.dispute and what not in self.open else ""

    def _missing(self, names: Iterable[str]) -> list[Row]:
        return [{"name": str(words.fact(name)), **self.mend(name)} for name in names if name != "review"]

    def _flips(self, flips: Iterable[Flip]) -> list[Row]:
        return [{"text": turned_by(flip), "url": self.turn(flip) if self.turn else ""} for flip in flips]

    def _days(self, gate: Gate) -> str:
        """Return how far the last day of the period is, from the notice or from today."""
        last = next((step.params["last"] for step in reversed(gate.steps) if "last" in step.params), None)
        if last is None:
            return ""
        told = self.found.facts.notified_on
        if gate.name != "N" or told is None:
            shut = gate.verdict == Passed.FAIL and self.today <= last  # then the days to come open nothing
            return "" if shut else self._until(last)
        decides = gate.verdict == (Passed.PASS if told <= last else Passed.FAIL)  # else the last day does not count
        return _early(told, last) if decides else ""

    def _until(self, last: date) -> str:
        n = (last - self.today).days
        if n < 0:
            return ngettext("{n} day over", "{n} days over", -n).format(n=-n)
        return ngettext("{n} day left", "{n} days left", n).format(n=n)


def _early(told: date, last: date) -> str:
    n = (last - told).days
    if n < 0:
        return ngettext("{n} day late", "{n} days late", -n).format(n=-n)
    return ngettext("{n} day before the last", "{n} days before the last", n).format(n=n) if n else _("on the last day")


def _heading(clause: InForce | None, kept: Clause | None) -> str:
    if kept is not None:
        return kept.shown_heading
    return clause.heading if clause else ""


def _head_word(head: Head) -> str:
    """Return the verdict on a head; of one that lacks no fact, that Legal must judge it."""
    return str(TO_JUDGE if head.missing == ("review",) else APPLIES[OF_HEAD[head.verdict]])


def _gate_word(gate: Gate) -> str:
    key = OF_GATE[gate.verdict]
    if key == "ask" and not gate.missing:
        return str(TO_JUDGE)
    return str((IN_TIME if gate.name in ("N", "G") else APPLIES)[key])


def _because(steps: tuple[Step, ...]) -> str:
    """Return the steps that decide as a because-line: the last, of a sum the last two of its reckoning."""
    reckoning = [one for one in steps if one.code not in ("payable", "payable.nothing")]
    shown = (reckoning or list(steps))[-2 if len(reckoning) < len(steps) else -1 :]
    return _("because: {why}").format(why=sentences(words.say(one) for one in shown)) if shown else ""


def sentences(said: Iterable[str]) -> str:
    """Return sentences one after the other; in Chinese nothing stands between them."""
    joint = _("{before} {after}")
    parts = list(said)
    return reduce(lambda before, after: joint.format(before=before, after=after), parts) if parts else ""


def line(step: Step) -> Row:
    """Return a step with the facts and the law that it cites, as _explain.html shows it."""
    told = [str(words.fact(name)) for name in step.uses] + ([cited(step.law)] if step.law else [])
    return {"text": words.say(step), "cites": " · ".join(told)}


def turned_by(flip: Flip) -> str:
    """Return which change of a fact would turn a verdict."""
    said = words.changed(flip)
    if not flip.also:
        return said
    also = _(", ").join(words.changed(each) for each in flip.also)
    return _("{change} together with {also}").format(change=said, also=also)


def working(found: Assessment, key: str) -> list[Row]:
    """Return how the sum of a head comes about: what lets it through, its own steps, its cap."""
    head = next((one for one in found.heads if head_name(one.sum) == key), None)
    if head is None:
        return []
    gates = [gate for gate in found.gates if gate.name in head.sum.gates and gate.steps]
    return [line(gate.steps[-1]) for gate in gates] + [line(step) for step in head.sum.steps]


# The whole ------------------------------------------------------------------------------------------------------------


def headline(found: Assessment) -> Row:
    """Return status and sum in one glance."""
    tone, icon = STATUS_TONES[found.status]
    return {
        "tone": tone, "icon": icon, "word": str(words.VERDICTS[found.status.value]), "total": str(found.total),
        "nothing_yet": found.status == Status.REVIEW and not found.total.amount,
        "at_most": _at_most(found), "flags": [str(FLAGS[flag]) for flag in found.flags if flag in FLAGS],
        "remedies": [
            {"name": words.choice(one.remedy), "tone": REMEDY_TONES[OF_HEAD[one.verdict]][0],
             "icon": REMEDY_TONES[OF_HEAD[one.verdict]][1],
             "word": str(TO_JUDGE if one.missing == ("review",) else REMEDY_WORDS[OF_HEAD[one.verdict]])}
            for one in found.remedies
        ],
    }  # fmt: skip


REMEDY_TONES = {**TONES, "no": ("", "x")}  # that another remedy comes first is nothing wrong
REMEDY_WORDS: dict[str, Words] = {
    "yes": pgettext_lazy("a remedy", "open now"),
    "no": pgettext_lazy("a remedy", "not open"),
    "ask": pgettext_lazy("a remedy", "needs a fact"),
}


def _at_most(found: Assessment) -> str:
    if all(head.verdict != Verdict.UNDETERMINED for head in found.heads):
        return ""
    if found.at_most is None:
        return _("how much more it can be, only the missing facts can tell")
    return _("at most {sum} once the missing facts are known").format(sum=found.at_most)


def fact_rows(held: Mapping[str, Held], mend: Mend, supposed: Mapping[str, Any] | None = None) -> list[Row]:
    """Return the facts: name, value, where it stands, where it is corrected; of one that is supposed what is known."""
    supposed = supposed or {}
    shown = [name for name in CaseFacts.asks() if (name in held or name in supposed) and name != "currency"]
    return [
        {"name": str(words.fact(name)), **(_supposed(name, supposed[name], held.get(name)) if name in supposed else
         {"value": value_of(name, held[name].value), "origin": origin_of(held[name]), **mend(name)})}
        for name in shown
    ]  # fmt: skip


def _supposed(name: str, value: Any, known: Held | None) -> Row:
    said = value_of(name, known.value) if known else _("not known")
    shown = value_of(name, CaseFacts.asks()[name].metadata["kind"].write(value))
    return {"value": shown, "supposed": True, "origin": _("known: {value}").format(value=said)}


def origin_of(one: Held) -> str:
    """Return where a fact stands."""
    return one.source if one.origin == "stated" else str(ORIGINS[one.origin])


def value_of(name: str, raw: Any) -> str:
    """Return a fact, given as JSON holds it, in words."""
    kind = CaseFacts.asks()[name].metadata["kind"]
    value = kind.read(raw)
    if isinstance(kind, Amount):
        return f"{value:,f}"
    if name == "measurements":
        return words.fact_value(name, value)
    if name in ("losses", "breaches"):
        return _("; ").join(f"{words.choice(code)} {number:,f}" for code, number in value)
    if name == "force_majeure":
        return _("; ").join(f"{words.in_words(first)} – {words.in_words(last)}" for first, last in value)
    return words.in_words(value)


def left_out_rows(rows: Iterable[LeftOut]) -> list[Row]:
    """Return the clauses that were not asked, with why."""
    return [
        {"no": f"§{one.row.number}", "name": one.row.shown_heading or str(ClauseType(one.row.type).label),
         "why": str(LEFT_OUT[one.why])}
        for one in rows
    ]  # fmt: skip


def kept_left_out(row: EntitlementAssessment) -> list[Row]:
    """Return the clauses that a kept assessment left out."""
    return [
        {"no": f"§{one['number']}", "name": str(ClauseType(one["type"]).label), "why": str(LEFT_OUT[one["why"]])}
        for one in row.left_out
    ]


def difference_rows(rows: Iterable[Mapping[str, Any]], currency: str = "") -> list[Row]:
    """Return what differs: of what, before, now; sums with their currency, where it is given."""
    return [
        {"what": what_in_words(one["what"]), "before": _side(one["what"], one["before"], currency),
         "after": _side(one["what"], one["after"], currency)}
        for one in rows
    ]  # fmt: skip


def difference_line(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return what differs as one sentence part: "§8.2 …: 7,000.00 → 10,500.00; …"."""
    said = _("{what}: {before} → {after}")
    return _("; ").join(said.format(**one) for one in difference_rows(rows))


def _side(what: str, value: Any, currency: str) -> str:
    """Return a row of a comparison: clause with version, verdict, sum; a dash for what was not there."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return _sum(value, currency)
    clause, verdict, *amount = value
    parts = [verdict_word(what, verdict)]
    parts += [_sum(amount[0], currency)] if amount and amount[0] not in (None, "0.00") else []
    parts += [f"§{clause}"] if clause and " v" in clause else []
    return " · ".join(parts)


def _sum(text: str, currency: str) -> str:
    try:
        return f"{currency} {Decimal(text):,f}".strip()
    except InvalidOperation:
        return words.choice(text)


def problems(unfit: Any) -> str:
    """Return why the facts do not fit together."""
    return sentences(words.say_problem(problem) for problem in unfit.error.problems)


def case_as_of(basis: Basis) -> str:
    """Return which version of the contract counts, and as of which day."""
    return _("As of {day}: version {version}.").format(day=words.in_words(basis.as_of), version=_version(basis))


def named_otherwise(basis: Basis, complaint: Complaint) -> str:
    """Return that the case names another version than the one that counts, and what to do; empty where it does not."""
    named, counts = complaint.contract_version, _version(basis)
    if named is None or named.version == counts:
        return ""
    said = _(
        "The case names version {named}, but version {counts} was in force on {day}, and it counts. Name it in the "
        "facts, or keep the assessment as of the day whose version is meant."
    )
    return said.format(named=named.version, counts=counts, day=words.in_words(basis.as_of))


def _version(basis: Basis) -> int:
    return max(number for number, _clause, _type in basis.rows)
