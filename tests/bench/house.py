"""
A house with many cases, written in bulk: five years of them, three in a hundred still open.

The cases have their four clocks but no events, except one, which is made by the verbs and has fifty notes.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from accounts.models import Department, Membership, Organisation, User
from accounts.roles import Role
from complaints import conversation, lifecycle
from complaints.models import CaseNumber, Complaint, SlaClock
from complaints.models.states import OPEN, Basis, ClockState, Grade, Metric, Nonconformity, Safety, State
from contracts.models import Product

BATCH = 2_000
YEARS = 5
OPEN_SHARE = 0.03
MISSED_SHARE = 0.08
NOTES = 50
HOURS = {Metric.ACK: 8, Metric.TRIAGE: 4, Metric.INITIAL: 48, Metric.RESOLVE: 30 * 24}
WORDS = ("gearbox", "bearing", "seal", "coating", "cable", "pump", "valve", "flange", "漏油", "振动", "异响")
STAFF = ((Role.CS, 12), (Role.QE, 10), (Role.QM, 2), (Role.EXE, 1), (Role.CSL, 2))


def build(cases: int, *, now: datetime, say: Callable[[str], None]) -> None:
    """Write the whole house into an empty, migrated database."""
    chance = random.Random(7)
    own = Organisation.objects.create(code="OWN", name="Bench Works", kind=Organisation.Kind.OWN)
    people = _people(own, now)
    firms = [
        Organisation(code=f"C{n:03}", name=f"Customer {n}", name_zh=f"客户{n}", kind=Organisation.Kind.CUSTOMER)
        for n in range(60)
    ]
    goods = [Product(code=f"P-{n:03}", name=f"Product {n}", name_zh=f"产品{n}") for n in range(200)]
    Organisation.objects.bulk_create(firms)
    Product.objects.bulk_create(goods)
    _cases(cases, chance, now, people=people, firms=firms, goods=goods, say=say)
    long_case(people, firms[0], now)


def _people(own: Organisation, now: datetime) -> list[User]:
    quality = Department.objects.create(code="quality", name="Quality", name_zh="质量管理部", kind="QUALITY")
    people = []
    for role, count in STAFF:
        for n in range(count):
            user = User.objects.create_user(
                f"{role.lower()}{n}@bench.test", name=f"{role.label} {n}", organisation=own
            )  # fmt: skip
            Membership.objects.create(user=user, organisation=own, department=quality, role=role, since=now)
            people.append(user)
    return people


def _cases(cases: int, chance: random.Random, now: datetime, *, say: Callable[[str], None], **cast: Any) -> None:
    numbers: dict[int, int] = {}
    rows = (_case(i, cases, chance, now, numbers, **cast) for i in range(cases))
    done = 0
    while batch := list(islice(rows, BATCH)):
        Complaint.objects.bulk_create(batch)
        SlaClock.objects.bulk_create([clock for case in batch for clock in _clocks(case, chance, now)])
        done += len(batch)
        if done % (10 * BATCH) == 0 or done == cases:
            say(f"  {done:,} of {cases:,} cases")
    CaseNumber.objects.bulk_create([CaseNumber(year=year, last=last) for year, last in numbers.items()])


def _case(
    i: int, cases: int, chance: random.Random, now: datetime, numbers: dict[int, int], *, people: list[User],
    firms: list[Organisation], goods: list[Product],
) -> Complaint:  # fmt: skip
    age = timedelta(days=365 * YEARS) * (1 - (i + 1) / cases)
    received = now - age - timedelta(minutes=chance.randrange(1, 600))
    open_ = age < timedelta(days=90) and chance.random() < OPEN_SHARE * YEARS * 365 / 90
    ended = None if open_ else min(now, received + timedelta(hours=chance.randrange(24, 90 * 24)))
    state = chance.choice((*OPEN, State.FOLLOW_UP)) if open_ else _ending(chance)
    year = received.year
    numbers[year] = numbers.get(year, 0) + 1
    words = " ".join(chance.sample(WORDS, 3))
    return Complaint(
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4), ref=f"QC-{year}-{numbers[year]:05}", state=state,
        customer=chance.choice(firms), product=chance.choice(goods), received_at=received, registered_at=received,
        found_on=received.date(), title=words, description=f"{words}. " * 6, safety=Safety.NO, grade=_grade(chance),
        nonconformity=chance.sample(Nonconformity.values, chance.choice((1, 1, 2))),
        owner=chance.choice([*people, None]),
        state_since=received, ended_at=ended, quantity_affected="1", unit="pcs",
    )  # fmt: skip


def _ending(chance: random.Random) -> str:
    states = (State.CLOSED, State.REJECTED, State.WITHDRAWN, State.DUPLICATE)
    return chance.choices(states, weights=(85, 8, 4, 3))[0]


def _grade(chance: random.Random) -> str:
    return chance.choices(Grade.values, weights=(4, 20, 50, 26))[0]


def _clocks(case: Complaint, chance: random.Random, now: datetime) -> Iterator[SlaClock]:
    """Yield the clocks of a case; an open one still runs its last clock or two."""
    assert case.received_at is not None
    for metric, hours in HOURS.items():
        due = case.received_at + timedelta(hours=hours)
        missed = chance.random() < MISSED_SHARE
        stopped = due + timedelta(hours=5) if missed else due - timedelta(hours=hours * chance.random())
        runs = case.ended_at is None and (stopped > now or metric == Metric.RESOLVE)
        late = due if (due < now if runs else missed) else None
        yield SlaClock(
            complaint=case, cycle=1, metric=metric, basis=Basis.CALENDAR, target_minutes=hours * 60, policy="default",
            state=ClockState.RUNNING if runs else ClockState.STOPPED, started_at=case.received_at, due_at=due,
            stopped_at=None if runs else min(stopped, now), breached_at=late,
            next_at=due + timedelta(days=5) if runs else None, level=4 if late else 0,
        )  # fmt: skip


def long_case(people: list[User], customer: Organisation, now: datetime) -> Complaint:
    """Return a case made by the verbs, with fifty notes; its title is how the bench finds it."""
    agent = next(user for user in people if user.may("case.register"))
    at = now - timedelta(hours=20)
    told = Complaint(
        customer=customer, title=LONG, description="The gearbox hums.", found_on=date(at.year, at.month, 1),
        safety=Safety.NO, contact_name="Carla", contact_email="carla@bench.test",
    )  # fmt: skip
    complaint = lifecycle.register(told, by=agent, at=at)
    for n in range(NOTES):
        conversation.note(complaint, by=agent, at=at + timedelta(minutes=n + 1), body=f"Note {n}: called the customer.")
    return complaint


LONG = "The case with fifty notes"
