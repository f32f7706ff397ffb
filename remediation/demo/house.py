"""The whole demo in one call: people, contracts, own cases, and real texts where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Contact, User
from complaints import importing, lifecycle, sweeping
from complaints.models import Complaint, EmergencyPlan
from complaints.models.states import State
from contracts import demo as goods
from remediation.demo import emergency
from remediation.demo import people as cast
from remediation.demo.families import FAMILIES
from remediation.demo.stories import STORIES, Story
from remediation.demo.walk import Walk
from remediation.models import ExchangeRate

CURRENCY = {"ACME": "EUR", "HNZB": "CNY", "RIVAL": "CNY", "NHTSA": "CNY"}
REAL_DAYS = 60  # the real cases are spread over so many days, their order kept
# days since receipt up to which a real case has come no further than one of these
LIKELY: tuple[tuple[float, tuple[str, ...]], ...] = (
    (1, (State.RECEIVED, State.RECEIVED)),
    (3, (State.TRIAGED, State.RESPONDING, State.RECEIVED)),
    (6, (State.RESPONDING, State.DIAGNOSING, State.DIAGNOSING, State.PROPOSING)),
    (12, (State.PROPOSING, State.NEGOTIATING, State.DIAGNOSING, State.EXECUTING)),
    (20, (State.EXECUTING, State.VERIFYING, State.NEGOTIATING, State.FOLLOW_UP)),
    (30, (State.FOLLOW_UP, State.VERIFYING, State.REJECTED, State.FOLLOW_UP)),
    (9999, (State.CLOSED, State.CLOSED, State.FOLLOW_UP, State.CLOSED, State.REJECTED, State.WITHDRAWN)),
)
Tell = Callable[..., None]  # what, and how many of how many are done


def load(*, password: str, now: datetime, texts: Path | None, tell: Tell) -> dict[str, int]:
    """
    Make what is missing of the demo and return how many cases there are by state.

    texts: a folder with `nhtsa-complaints.tsv`, or None. May be stopped half-way and run again: each case is one
    transaction's work after another, and what is there is left as it is.
    """
    people, contacts, master, plan = _house(password, now)
    for number, story in enumerate(STORIES, start=1):
        tell("case", number, len(STORIES))
        if not _known(f"demo-{number}"):
            _live(story, f"demo-{number}", people, contacts, master, plan, now)
    _merge_duplicates(people, now)
    if texts and (file := texts / "nhtsa-complaints.tsv").exists():
        _real_texts(file, people, plan, now, tell)
    tell("clocks")
    clocks_swept(now)
    return _by_state()


def clocks_swept(now: datetime) -> None:
    """Let the clocks catch up with the present, as the sweep would have done all along."""
    sweeping.sweep_all(now=now)


def _house(password: str, now: datetime) -> tuple[dict[str, User], dict[str, Contact], goods.Loaded, EmergencyPlan]:
    long_ago = now - timedelta(days=400)
    people = cast.own_people(password, at=long_ago)
    cast.rota(people, now=now)
    master = goods.load(
        structurer=people["sam"], checker=people["lin"], keeper=people["fay"], at=long_ago, today=now.date()
    )
    cast.competences(people, at=long_ago)
    contacts = cast.customers(password, at=long_ago)
    for currency, rate in (("EUR", "7.8123"), ("USD", "7.12"), ("GBP", "9.24")):
        ExchangeRate.objects.get_or_create(
            currency=currency, on=date(2024, 1, 1), defaults={"rate": rate, "source": "demo"}
        )
    plan = emergency.load_plans(people, now)
    return people, contacts, master, plan


def _known(key: str) -> bool:
    return Complaint.objects.filter(source="demo", source_key=key).exists()


def _live(
    story: Story, key: str, people: dict[str, User], contacts: dict[str, Contact], master: goods.Loaded,
    plan: EmergencyPlan, now: datetime,
) -> Complaint:  # fmt: skip
    received = now - timedelta(days=story.age)
    if story.until == State.DRAFT:
        case = _case(story, key, master, contacts, received)
        return lifecycle.draft(case, by=people["ada"], at=received)
    case = _case(story, key, master, contacts, received)
    family = FAMILIES[story.family][story.language]
    supplier = case.lot.supplier if case.lot else None
    with transaction.atomic():  # whole, or a sweep that runs meanwhile would see deadlines missed in between
        case = lifecycle.register(case, by=people["ada"], at=received + timedelta(minutes=6))
        case = Walk(case, story, family, people, now, CURRENCY[story.customer], supplier, plan).go()
        emergency.run_incident(case, people, now=now, language=story.language)
        return case


def _case(story: Story, key: str, master: goods.Loaded, contacts: dict[str, Contact], received: datetime) -> Complaint:
    name, email, phone = story.contact
    contract = master.contracts.get(story.contract)
    return Complaint(
        source="demo", source_key=key, customer=master.organisations[story.customer], contact=contacts.get(email),
        contact_name=name, contact_email=email, contact_phone=phone, title=story.title, description=story.description,
        received_at=received, found_on=(received - timedelta(days=1)).date(),
        language="zh-hans" if story.language == "zh" else "en", product=master.products.get(story.product),
        contract=contract, project=contract.project if contract else None, lot=master.lots.get(story.lot), **story.facts,
    )  # fmt: skip


def _merge_duplicates(people: dict[str, User], now: datetime) -> None:
    numbers = [number for number, story in enumerate(STORIES, start=1) if story.until == State.DUPLICATE]
    for number in numbers:
        case = Complaint.objects.filter(source="demo", source_key=f"demo-{number}", state=State.RECEIVED).first()
        if case is None:
            continue
        same = Complaint.objects.backlog().filter(customer=case.customer, product=case.product).exclude(pk=case.pk)
        lifecycle.merge(
            case, by=people["ada"], at=now - timedelta(minutes=5), master=same.order_by("received_at").last()
        )


def _real_texts(file: Path, people: dict[str, User], plan: EmergencyPlan, now: datetime, tell: Tell) -> None:
    """Bring the real complaints in, each shifted by whole days so that the newest came today, and let them live."""
    tell("real complaints")
    shifts = _shifts(file.read_bytes(), now.date())
    importing.run(
        file, by=people["ada"], at=now, shift=lambda row: shifts.get(row.number, timedelta(0)),
        registered=lambda received: min(now, received + timedelta(hours=2)),
    )  # fmt: skip
    rows = Complaint.objects.filter(source="import", state=State.RECEIVED, customer__code="NHTSA")
    cases = list(rows.select_related("customer", "contract", "lot").order_by("-received_at", "-pk"))
    for number, case in enumerate(cases):
        tell("real complaint", number + 1, len(cases))
        age = (now - (case.received_at or now)) / timedelta(days=1)
        likely = next(states for days, states in LIKELY if age <= days)
        until = likely[number % len(likely)]
        if until != State.RECEIVED:
            _walk_real(case, until, number, people, plan, now)


def _shifts(content: bytes, today: date) -> dict[int, timedelta]:
    """Return by row how many days to shift it: newest today, the rest behind it in order over REAL_DAYS."""
    dated = [(importing.received_day(row), row.number) for row in importing.rows_of(content)]
    known = sorted(((day, number) for day, number in dated if day), reverse=True)
    step = REAL_DAYS / max(1, len(known))
    return {number: today - timedelta(days=int(rank * step)) - day for rank, (day, number) in enumerate(known)}


def _walk_real(
    case: Complaint, until: str, number: int, people: dict[str, User], plan: EmergencyPlan, now: datetime
) -> None:
    grade = "G2" if case.safety in {"DANGER", "INJURY"} else ("G3", "G3", "G4", "G2")[number % 4]
    pace = (1.0, 0.9, 0.8, 1.9)[number % 4]
    age = (now - (case.received_at or now)) / timedelta(days=1)
    story = Story("vehicle", "en", "NHTSA", case.title, case.description, until, age, grade, pace)
    with transaction.atomic():
        case = Walk(case, story, FAMILIES["vehicle"]["en"], people, now, CURRENCY["NHTSA"], None, plan).go()
        emergency.run_incident(case, people, now=now, language="en")


def _by_state() -> dict[str, int]:
    counts: dict[str, Any] = dict.fromkeys(State.values, 0)
    for state in Complaint.objects.values_list("state", flat=True):
        counts[state] += 1
    return counts
