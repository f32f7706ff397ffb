"""Why a grade is what it is, as reasons: score, lift, floors that bind (DOMAIN §4.1). Words at the edge."""

from complaints.gates import Reason, reason
from complaints.grading import Result, Scores


def because(scores: Scores, found: Result) -> tuple[Reason, ...]:
    """Return the steps from the scores to the grade, in order."""
    high = max(scores.extent, scores.recurrence)
    lines = [reason("grade_score", s=scores.consequence, high=high, score=found.score, grade=found.base)]
    if found.after_impact != found.base:
        lines.append(reason("grade_lifted", c=scores.customer_impact, grade=found.after_impact))
    lines += [reason(f"grade_floor_{code}", grade=grade) for code, grade in found.floors]
    return tuple(lines)
