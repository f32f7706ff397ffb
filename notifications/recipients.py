"""
Whom an event is told to: ONE table, from the kind of event to a function that names the notices.

Functions read what lower rooms wrote and decide nothing else. People of our own are told what others did, not what
they did themselves. A customer is told what the letter or reply says, at the address that the case names.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts import absences, duty
from accounts.models import Absence, DutyShift, User
from accounts.roles import Role
from audit.models import Event
from complaints import letters
from complaints.ladder import DUTY
from complaints.models import Complaint, Letter, SlaClock, Task
from complaints.models.states import Channel, Grade, Metric
from notifications import incidents, naming
from notifications.notice import Notice, to_address, to_contact, to_user
from notifications.silent import SILENT
from notifications.words import News, Wanted
from remediation import approvals
from remediation.models import Proposal, ReturnVisit, SurveyInvitation
from worktime.models import WorkCalendar

Tell = Callable[[Event], Iterable[Notice]]


def notices(event: Event) -> list[Notice]:
    """Return who is to be told what. Raises KeyError for a kind that stands neither in TABLE nor in SILENT."""
    return [] if event.kind in SILENT else list(TABLE[event.kind](event))


SPAN, ABSENCES = "span", "absences"  # what is remembered beside cases and roles: from when to when, who was away
_remembered: ContextVar[dict[Any, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering(events: Iterable[Event]) -> Iterator[None]:
    """Within, read the cases of these events at once, and absences and each role's holders once."""
    events = list(events)
    streams = {event.stream for event in events if event.stream_kind == "case"}
    known: dict[Any, Any] = {case.uuid: case for case in _cases().filter(uuid__in=streams)}
    if moments := [event.at for event in events]:
        known[SPAN] = min(moments), max(moments)
    before = _remembered.set(known)
    try:
        yield
    finally:
        _remembered.reset(before)


# To the customer -------------------------------------------------------------------------------------------------


def registered(event: Event) -> Iterator[Notice]:
    """The receipt to the customer (DOMAIN §3.3), and a call to those in charge if it is urgent."""
    case = _case(event)
    if case.channel != Channel.IMPORT:
        yield from _to_customer(event, case, "receipt", first_answer_at=_due(case, Metric.INITIAL))
    if case.urgent and case.channel != Channel.IMPORT:
        people = [*_holding(Role.CSL, Role.QM), *(_on_duty(event.at) if _after_hours(event.at) else ())]
        yield from _to_reachable(event, case, people, "urgent_case", received_at=case.received_at)


def letter_sent(event: Event) -> Iterator[Notice]:
    """The mail that puts a letter before the customer."""
    letter = Letter.objects.get(number=event.facts["letter"])
    case = _case(event)
    params = {
        "number": letter.number,
        "first_answer_at": _due(case, Metric.INITIAL),
        "object_until": _object_until(case),
    }
    yield from _to_customer(event, case, f"letter_{letter.kind.lower()}", letter=letter.number, **params)


def replied(event: Event) -> Iterator[Notice]:
    """What we wrote to the customer, word for word."""
    return _to_customer(event, _case(event), "reply", body=event.text("body") or "")


def merged(event: Event) -> Iterator[Notice]:
    """The claimant of a duplicate is told under which number it goes on (T19), if it is their own firm's."""
    case = _case(event)
    if case.master:
        yield from _to_customer(event, case, "merged", master=case.master.ref)


def confirmation_wanted(event: Event) -> Iterator[Notice]:
    """The customer checks the result: once all is done (T11), and whenever somebody reminds of it."""
    return _to_customer(event, _case(event), "confirmation_wanted")


def survey(event: Event) -> Iterator[Notice]:
    """The invitation to the survey, and its one reminder, to whom it was made out."""
    invitation = SurveyInvitation.objects.select_related("complaint").get(pk=event.facts["invitation"])
    case = invitation.complaint
    yield to_address(
        invitation.email,
        invitation.language,
        "survey_invitation",
        _about(event),
        ref=case.ref,
        title=case.title,
        survey=reverse("survey", args=[invitation.token]),
        survey_until_at=invitation.expires_at.isoformat(),
    )


# To our own people -----------------------------------------------------------------------------------------------


def assigned(event: Event) -> Iterator[Notice]:
    """The new owner."""
    case = _case(event)
    due = _due(case, Metric.INITIAL)
    return _to_staff(event, case, [case.owner], "assigned", grade=case.grade, first_answer_at=due)


def task_given(event: Event) -> Iterator[Notice]:
    """Whoever is to do it."""
    task = Task.objects.select_related("owner").get(pk=event.facts["task"])
    return _to_staff(event, _case(event), [task.owner], "task_given", body=event.text("text") or "", due_at=task.due_at)


def customer_wrote(event: Event) -> Iterator[Notice]:
    """The owner; before there is one, the leads of customer service."""
    case = _case(event)
    return _to_staff(event, case, _owner_or_leads(case), "customer_wrote", body=event.text("body") or "")


def news(code: News, *roles: Role, text: str = "") -> Tell:
    """Return a rule: the owner and the holders of `roles` learn what happened; `text` names the words to quote."""

    def tell(event: Event) -> Iterator[Notice]:
        case = _case(event)
        people = [*_owner_or_leads(case), *_holding(*roles)]
        quoted = (event.text(text) or "") if text else ""
        return _to_staff(event, case, people, "case_news", news=code, body=quoted, happened_at=event.at)

    return tell


def approval(wanted: Wanted, role: Role = Role.QM) -> Tell:
    """Return a rule: the holders of `role` learn that something waits for their approval."""

    def tell(event: Event) -> Iterator[Notice]:
        return _to_staff(event, _case(event), _holding(role), "approval_wanted", wanted=wanted, by=_name(event.by_id))

    return tell


def initial_written(event: Event) -> Iterable[Notice]:
    """The quality managers, once nothing is missing in it."""
    return [] if event.facts["missing"] else approval(Wanted.INITIAL)(event)


def rejection_prepared(event: Event) -> Iterator[Notice]:
    """The quality managers; for the graver grades Legal signs off too (T16)."""
    yield from approval(Wanted.REJECTION)(event)
    if _case(event).grade in {Grade.G1, Grade.G2}:
        yield from approval(Wanted.REJECTION, Role.LEG)(event)


def proposal_submitted(event: Event) -> Iterator[Notice]:
    """Those whose agreement it still needs, and whom else the event names (the executive, of a G1 case)."""
    case = _case(event)
    needed = approvals.approvers_needed(_proposal(event))
    people = [person for entry in needed if entry.pending for person in entry.who]
    by = _name(event.by_id)
    yield from _to_staff(event, case, people, "approval_wanted", wanted=Wanted.PROPOSAL, by=by)
    told = [person for role in event.facts["tell"] for person in _holding(Role(role)) if person not in people]
    yield from _to_staff(event, case, told, "case_news", news=News.SUBMITTED, happened_at=event.at)


def proposal_decided(code: News) -> Tell:
    """Return a rule: who handed the proposal in, and the owner, learn how it was decided, with the words said."""

    def tell(event: Event) -> Iterator[Notice]:
        if not event.facts.get("complete", True):
            return
        case, proposal = _case(event), _proposal(event)
        people = [proposal.submitted_by, proposal.drafted_by, *_owner_or_leads(case)]
        said = event.text("comment") or ""
        yield from _to_staff(event, case, people, "case_news", news=code, body=said, happened_at=event.at)

    return tell


def survey_answered(event: Event) -> Iterable[Notice]:
    """The owner and the quality managers, if the answer is bad."""
    return news(News.SURVEY_LOW, Role.QM, text="text")(event) if event.facts["low"] else []


def handed_to_owner(text: str) -> Tell:
    """Return a rule: the person under `owner` in the facts gets what the event calls `text` as a task."""

    def tell(event: Event) -> Iterator[Notice]:
        owner = User.objects.filter(pk=event.facts["owner"]).first()
        return _to_staff(event, _case(event), [owner], "task_given", body=event.text(text) or "")

    return tell


def sending_failed(event: Event) -> Iterator[Notice]:
    """The owner and the leads of customer service: a letter is with nobody."""
    case = _case(event)
    people = [*_owner_or_leads(case), *_holding(Role.CSL)]
    return _to_staff(event, case, people, "sending_failed", number=event.facts["letter"])


# The clocks ----------------------------------------------------------------------------------------------------------


def clock(template: str) -> Tell:
    """Return a rule: those whom the event itself names in `told`; its `dedup` says what it means."""

    def tell(event: Event) -> Iterator[Notice]:
        case = _case(event)
        facts = event.facts
        people = [person for name in facts["told"] for person in _named(case, name, event.at)]
        params = {"metric": facts["metric"], "ask": facts.get("level", ""), "percent": facts.get("share")}
        params["planned_on"] = _visit_day(facts)
        due = facts["due_at"] and datetime.fromisoformat(facts["due_at"])
        return _to_reachable(event, case, people, template, about=facts["dedup"], due_at=due, **params)

    return tell


def escalated(event: Event) -> Iterator[Notice]:
    """A customer's call for a manager: those whom the event names, with the words and the day of the answer."""
    case, facts = _case(event), event.facts
    people = [person for name in facts["told"] for person in _named(case, name, event.at)]
    said = {"body": event.text("reason") or "", "person": event.text("person") or ""}
    return _to_reachable(event, case, people, "manager_asked", answer_by_at=facts["answer_by"], **said)


def _visit_day(facts: dict[str, Any]) -> str:
    """Return the day for which the visit of a clock is planned, or nothing for another clock."""
    if facts["metric"] != Metric.VISIT:
        return ""
    visit = ReturnVisit.objects.filter(uuid=facts["subject"]).first()
    return visit.due_on.isoformat() if visit else ""


def stuck(event: Event) -> Iterator[Notice]:
    """Those who can look into it: a clock that the sweep could not climb is watched by nobody else."""
    people = _holding(Role.QM, Role.ADM)
    return _to_staff(event, _case(event), people, "clock_stuck", metric=event.facts["metric"])


def _named(case: Complaint, name: str, at: datetime) -> list[User]:
    """Return the people behind OWNER, LEADER (of the team), HEAD (of the department), DUTY (at `at`) or a role."""
    if name == "OWNER":
        return _owner_or_leads(case)
    if name == "LEADER":
        seats = case.team.filter(cycle=case.cycle, seat="LEADER", left_at=None).select_related("user")
        return [seat.user for seat in seats]
    if name == "HEAD":
        return [case.department.head] if case.department and case.department.head else []
    return _on_duty(at) if name == DUTY else _holding(Role(name))


def _after_hours(at: datetime) -> bool:
    return duty.is_called(at, WorkCalendar.objects.company().as_calendar())


def _on_duty(at: datetime) -> list[User]:
    """Return who is on duty; in a gap of the rota the service leads and the quality managers."""
    return duty.on_duty(at) or _holding(Role.CSL, Role.QM)


# What every rule does --------------------------------------------------------------------------------------------


def _case(event: Event) -> Complaint:
    known = _remembered.get() or {}
    return known[event.stream] if event.stream in known else _cases().get(uuid=event.stream)


def _cases() -> QuerySet[Complaint]:
    return Complaint.objects.select_related(
        "customer", "contact__organisation", "contact__user", "owner", "department__head", "tracker_link", "master"
    )


def _about(event: Event) -> str:
    return f"{event.kind}:{event.stream}:{event.seq}"


def _to_staff(
    event: Event, case: Complaint, people: Iterable[User | None], template: str, *, about: str = "", **params: Any
) -> Iterator[Notice]:
    """Yield a notice to each active person once, but not to whoever did it."""
    params |= {"ref": case.ref, "title": case.title, "customer": case.customer.name if case.customer else ""}
    seen = {event.by_id}
    for person in people:
        if person and person.is_active and person.pk not in seen:
            seen.add(person.pk)
            yield to_user(person, template, about or _about(event), **_plain(params))


def _to_reachable(
    event: Event, case: Complaint, people: Iterable[User | None], template: str, *, about: str = "", **params: Any
) -> Iterator[Notice]:
    """Yield a notice to each person once; in place of one who was away at the event, to who stands in."""
    told = {event.by_id}
    reached = absences.reached(people, event.at, known=_absences())
    for person, absence in sorted(reached, key=lambda pair: pair[1] is not None):
        if person.pk not in told:
            told.add(person.pk)
            away = {"instead_of": absence.person.name, "away_until": absence.last_on.isoformat()} if absence else {}
            yield from _to_staff(event, case, [person], template, about=about, **params, **away)


def duty_given(event: Event) -> Iterator[Notice]:
    """Who is on duty, if somebody else said so; nothing of a shift that was taken off again."""
    row = DutyShift.objects.select_related("person").filter(pk=event.facts["shift"]).first()
    if row and row.person_id != event.by_id and row.person.is_active:
        moments = {"starts_at": row.starts_at.isoformat(), "ends_at": row.ends_at.isoformat()}
        yield to_user(row.person, "duty_given", _about(event), **moments)


def absence_recorded(event: Event) -> Iterator[Notice]:
    """Who stands in, if somebody else noted it."""
    row = Absence.objects.select_related("person", "deputy").get(pk=event.facts["absence"])
    if row.deputy_id != event.by_id and row.deputy.is_active:
        days = {"first_on": row.first_on.isoformat(), "last_on": row.last_on.isoformat()}
        yield to_user(row.deputy, "standing_in", _about(event), name=row.person.name, **days)


def _to_customer(event: Event, case: Complaint, template: str, *, letter: str = "", **params: Any) -> Iterator[Notice]:
    """Yield the notice to whom the customer's letters go, if there is an address."""
    if (found := letters.addressee(case)) is None:
        return
    params = _plain(params | _customer_words(case) | {"letter": letter, "name": found.name})
    if found.contact:
        yield to_contact(found.contact, template, _about(event), **params)
    else:
        yield to_address(found.email, case.language, template, _about(event), **params)


def _customer_words(case: Complaint) -> dict[str, Any]:
    link = getattr(case, "tracker_link", None)
    owner = case.owner if case.owner and case.owner.is_active else None
    return {
        "ref": case.ref,
        "title": case.title,
        "received_at": case.received_at,
        "tracker": reverse("tracker", args=[link.token]) if link and not link.revoked_at else "",
        "contact_name": owner.name if owner else "",
        "contact_email": owner.email if owner else "",
    }


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with moments and codes as text."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in params.items()}


def _owner_or_leads(case: Complaint) -> list[User]:
    return [case.owner] if case.owner and case.owner.is_active else _holding(Role.CSL)


def _holding(*roles: Role) -> list[User]:
    """Return our own active people who hold one of the roles."""
    known = _remembered.get()
    if known is not None and roles in known:
        return known[roles]
    people = list(User.objects.staff().holding(*roles).order_by("pk")) if roles else []
    if known is not None:
        known[roles] = people
    return people


def _absences() -> list[Absence] | None:
    """Return who was away while the remembered events happened; None if nothing is remembered."""
    known = _remembered.get()
    if known is None or SPAN not in known:
        return None
    if ABSENCES not in known:
        known[ABSENCES] = absences.between(*known[SPAN])
    return known[ABSENCES]


def _name(user_id: int | None) -> str:
    return User.objects.get(pk=user_id).name if user_id else ""


def _proposal(event: Event) -> Proposal:
    proposals = Proposal.objects.select_related("complaint", "submitted_by", "drafted_by")
    return proposals.get(complaint__uuid=event.stream, number=event.facts["proposal"])


def _due(case: Complaint, metric: Metric) -> datetime | None:
    """Return when the case's clock of that metric is due; None if it runs no more or never did."""
    clocks = SlaClock.objects.filter(complaint=case, cycle=case.cycle, metric=metric, stopped_at=None)
    return clocks.values_list("due_at", flat=True).first()


def _object_until(case: Complaint) -> str:
    rejection = case.rejections.filter(cycle=case.cycle).first()
    return rejection.object_until.isoformat() if rejection and rejection.object_until else ""


TABLE: dict[str, Tell] = {
    # to the customer
    "case.registered": registered,
    "letter.sent": letter_sent,
    "reply.sent": replied,
    "case.merged": merged,
    "case.done_reported": confirmation_wanted,
    "confirmation.reminded": confirmation_wanted,
    "survey.invited": survey,
    "survey.reminded": survey,
    # who works on it
    "case.triaged": assigned,
    "case.assigned": assigned,
    "task.given": task_given,
    "task.finished": lambda event: naming.ended(event, _case(event), _to_staff),
    "response.containment_effective": lambda event: naming.ended(event, _case(event), _to_staff),
    "action.assigned": lambda event: naming.assigned(event, _case(event), _to_staff),
    "customer.wrote": customer_wrote,
    "letter.sending_failed": sending_failed,
    "emergency.activated": lambda event: incidents.activated(event, _case(event), _to_staff, _owner_or_leads, _holding),
    "emergency.role_handed_over": lambda event: incidents.handed_over(event, _case(event), _to_staff),
    "emergency.update_overdue": lambda event: incidents.update_overdue(event, _case(event), _to_reachable, _holding),
    "emergency.stood_down": news(News.STOOD_DOWN, Role.QM, text="reason"),
    "task.handed_on": handed_to_owner("text"),
    "capa.opened": handed_to_owner("problem"),
    "capa.handed_over": handed_to_owner("problem"),
    "capa.action_planned": handed_to_owner("description"),
    "user.absence_recorded": absence_recorded,
    "user.duty_given": duty_given,
    # approvals wanted
    "response.initial_written": initial_written,
    "diagnosis.attributed": approval(Wanted.ATTRIBUTION),
    "case.rejection_prepared": rejection_prepared,
    "proposal.submitted": proposal_submitted,
    "lesson.recorded": approval(Wanted.LESSON),
    "entitlement.disputed": approval(Wanted.VERDICT, Role.LEG),
    # time
    "sla.warned": clock("sla_warned"),
    "sla.breached": clock("sla_breached"),
    "sla.escalated": clock("sla_escalated"),
    "sla.explanation_late": clock("explanation_late"),
    "case.escalated": escalated,
    "sla.breach_revoked": news(News.BREACH_REVOKED, Role.QM),
    "clock.wait_long": clock("wait_long"),
    "clock.policy_missing": clock("clock_no_policy"),
    "clock.stuck": stuck,
    "visit.reminder_due": clock("visit_due"),
    "visit.missed": clock("visit_missed"),
    # what became of it
    "proposal.approved": proposal_decided(News.APPROVED),
    "proposal.refused": proposal_decided(News.NOT_APPROVED),
    "proposal.expired": news(News.EXPIRED, Role.SAL),
    "survey.answered": survey_answered,
    "case.regraded": news(News.REGRADED, text="reason"),
    "case.countered": news(News.COUNTERED, Role.SAL, text="reason"),
    "case.accepted": news(News.ACCEPTED, Role.SAL),
    "case.not_solved": news(News.NOT_SOLVED, text="reason"),
    "case.confirmed": news(News.CONFIRMED),
    "case.reopened": news(News.REOPENED, Role.QM, text="reason"),
    "case.objected": news(News.OBJECTED, text="reason"),
    "case.withdrawn": news(News.WITHDRAWN, text="statement"),
    "case.disputed": news(News.DISPUTED, Role.LEG),
    "case.settled": news(News.SETTLED, text="outcome"),
}
