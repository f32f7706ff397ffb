"""What was done in other cases, how it came out, what caused them, and what they taught. Reads, never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from accounts.models import User
from complaints.models import Complaint, RootCause
from remediation.models import Confirmation, Lesson, ProposalLine, SurveyResponse
from remediation.models.kinds import LineStatus, ProposalStatus, RemedyKind, Solved

SOLVED, PARTLY, SILENT, CAME_BACK, OPEN = "SOLVED", "PARTLY", "SILENT", "CAME_BACK", "OPEN"
OUTCOMES = (SOLVED, PARTLY, SILENT, CAME_BACK, OPEN)  # what a customer says counts before what silence means
_BY_ANSWER = {Solved.YES: SOLVED, Solved.PARTLY: PARTLY, Solved.NO: CAME_BACK}


@dataclass
class Past:
    """
    What became of one case: the remedies agreed in each cycle with how that cycle came out, the outcome of the present
    one, verified causes, lessons.
    """

    remedies: list[tuple[ProposalLine, str]] = field(default_factory=list)
    outcome: str = OPEN
    causes: list[RootCause] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)


@dataclass
class Tried:
    """One kind of remedy over several cases: the cases by outcome."""

    kind: RemedyKind
    cases: dict[str, list[Complaint]]

    @property
    def n(self) -> int:
        """Return how often it was tried: in a case that came back it may have been tried twice."""
        return sum(map(len, self.cases.values()))

    @property
    def worth(self) -> float:
        """
        Return the share of cases it solved, partly counting half; one case solved weighs less than four of five: as
        many as known plus two, one of them solved (Laplace).
        """
        solved = len(self.cases[SOLVED]) + len(self.cases[PARTLY]) / 2
        known = sum(len(self.cases[one]) for one in (SOLVED, PARTLY, CAME_BACK))
        return (solved + 1) / (known + 2)


def pasts(cases: Sequence[Complaint], reader: User) -> dict[int, Past]:
    """Return what became of each case, by its key, in five statements whatever their number."""
    found = {case.pk: Past() for case in cases}
    outcomes = _outcomes(cases)
    present = {case.pk: case.cycle for case in cases}
    for line in _lines(found):
        case, cycle = line.proposal.complaint_id, line.proposal.cycle
        found[case].remedies.append((line, outcomes[case] if cycle == present[case] else CAME_BACK))
    for cause in RootCause.objects.filter(complaint__in=found, verified_at__isnull=False, withdrawn_at=None):
        found[cause.complaint_id].causes.append(cause)
    for lesson in Lesson.objects.offered(reader).filter(complaint__in=found).order_by("-approved_at"):
        found[lesson.complaint_id].lessons.append(lesson)
    for case, past in found.items():
        again = present[case] > 1 and not any(line.proposal.cycle == present[case] for line, _outcome in past.remedies)
        past.outcome = CAME_BACK if again and outcomes[case] == OPEN else outcomes[case]
    return found


def tried(cases: Sequence[Complaint], found: dict[int, Past]) -> list[Tried]:
    """Return each kind of remedy that was tried in these cases, the one that worked best first."""
    kinds: defaultdict[str, dict[str, list[Complaint]]] = defaultdict(lambda: {outcome: [] for outcome in OUTCOMES})
    for case in cases:
        for kind, outcome in sorted({(line.kind, outcome) for line, outcome in found[case.pk].remedies}):
            kinds[kind][outcome].append(case)
    rows = [Tried(RemedyKind(kind), by_outcome) for kind, by_outcome in kinds.items()]
    return sorted(rows, key=lambda row: (-row.worth, -row.n, row.kind))


def _lines(cases: Iterable[int]) -> list[ProposalLine]:
    """Return the lines that were agreed, of the newest agreed version of each cycle of each case, in order."""
    lines = ProposalLine.objects.filter(proposal__complaint__in=list(cases), proposal__status=ProposalStatus.ACCEPTED)
    lines = lines.exclude(status=LineStatus.CANCELLED).select_related("proposal").order_by("-proposal__number")
    newest: dict[tuple[int, int], int] = {}
    kept = []
    for line in lines:
        offer = line.proposal
        if newest.setdefault((offer.complaint_id, offer.cycle), offer.number) == offer.number:
            kept.append(line)
    return sorted(kept, key=lambda line: (line.proposal.complaint_id, line.proposal.cycle, line.position))


def _outcomes(cases: Sequence[Complaint]) -> dict[int, str]:
    """Return how each case came out, judged by its present cycle."""
    keys = [case.pk for case in cases]
    confirmed = {
        (row.complaint_id, row.cycle): row.deemed for row in Confirmation.objects.filter(complaint__in=keys)
    }  # fmt: skip
    answered = SurveyResponse.objects.filter(invitation__complaint__in=keys).exclude(solved="")
    answers = {
        (case, cycle): solved
        for case, cycle, solved in answered.order_by("at").values_list(
            "invitation__complaint", "invitation__cycle", "solved"
        )
    }
    return {case.pk: _outcome(case, confirmed, answers) for case in cases}


def _outcome(case: Complaint, confirmed: dict[tuple[int, int], bool], answers: dict[tuple[int, int], str]) -> str:
    now = (case.pk, case.cycle)
    if answer := answers.get(now):
        return _BY_ANSWER[Solved(answer)]
    if now in confirmed:
        return SILENT if confirmed[now] else SOLVED
    return OPEN
