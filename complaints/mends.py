"""
Which act fills which gap, and where on its form: the one table that gates, refusals and the next step read.

Higher rooms add theirs with `teach` in AppConfig.ready(). `UNMENDED` names the gaps that no act on this case fills.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from complaints.acts import Words
    from complaints.gates import Reason
    from complaints.models import Complaint


@dataclass(frozen=True)
class Mend:
    """
    The act that fills a gap.

    field: of its form, to which the link leads.  fill: parameters of the gap with which the form opens.
    label: said instead of the act's own, with the gap's parameters.
    """

    act: str
    field: str = ""
    fill: tuple[str, ...] = ()
    label: Words = ""


MENDS: dict[str, Mend] = {
    "contact_missing": Mend("edit_facts", "contact_email", label=_("Add a contact")),
    # what the form of triage asks
    "goods_missing": Mend("triage", "product"),
    "found_where_missing": Mend("triage", "found_where"),
    "quantity_missing": Mend("triage", "quantity_affected"),
    "remedy_asked_missing": Mend("triage", "remedy_asked"),
    "safety_missing": Mend("triage", "safety"),
    "grade_missing": Mend("triage", "consequence"),
    "nonconformity_missing": Mend("triage", "nonconformity"),
    "clause_for_deviation_missing": Mend("triage", "contract_version"),
    "owner_missing": Mend("triage", "owner"),
    "department_missing": Mend("triage", "department"),
    "contract_missing": Mend("triage", "contract_version"),
    "duplicate_check_missing": Mend("triage", "duplicate_checked"),
    # what the form of other moves asks
    "leader_missing": Mend("mobilise", "leader"),
    "champion_missing": Mend("mobilise", "champion"),
    "members_missing": Mend("mobilise", "members"),
    "emergency_plan_missing": Mend("mobilise", "plan"),
    "statement_missing": Mend("withdraw", "statement"),
    "internal_record_missing": Mend("withdraw", "internal_record"),
    "master_missing": Mend("merge", "master"),
    "master_is_itself": Mend("merge", "master"),
    "master_ended": Mend("merge", "master"),
    "master_other_goods": Mend("merge", "master"),
    "ground_missing": Mend("dispute", "ground"),
    "outcome_missing": Mend("settle", "outcome"),
    # response
    "meeting_missing": Mend("hold_meeting"),
    "meeting_without_quality": Mend("hold_meeting", "attendees"),
    "meeting_without_service": Mend("hold_meeting", "attendees"),
    "containment_missing": Mend("contain"),
    "containment_open": Mend("contain", "action", fill=("location",)),
    "initial_missing": Mend("write_initial"),
    "initial_part_missing": Mend("write_initial"),
    "initial_not_approved": Mend("approve_initial"),
    "initial_not_sent": Mend("send_initial"),
    "initial_questioned": Mend("write_initial"),
    # diagnosis
    "evident_cause_missing": Mend("record_cause", fill=("leg",)),
    "cause_missing": Mend("record_cause", fill=("leg",)),
    "cause_unproven": Mend("verify_cause", "method", fill=("cause",), label=_("Prove the cause: {text}")),
    "defect_statement_missing": Mend("state_defect", "sentence"),
    "extent_empty": Mend("record_extent"),
    "goods_untraced": Mend("decide_goods"),
    "extent_open": Mend("finish_extent"),
    "attribution_missing": Mend("attribute"),
    "attribution_sum": Mend("attribute"),
    "attribution_not_approved": Mend("approve_attribution"),
    "entitlement_missing": Mend("assess_entitlement"),
    "finance_missing": Mend("assess_finance"),
    # the ends
    "rejection_missing": Mend("prepare_rejection"),
    "legal_signoff_missing": Mend("sign_off"),
    "task_open": Mend("finish_task", "result", fill=("task",)),
    "action_unassigned": Mend("assign_action", "accountable", fill=("action",), label=_("Say who answers for it")),
    "eight_d_not_sent": Mend("send_8d"),
    "call_unanswered": Mend("answer_call", "decision"),
    "call_open": Mend("answer_call", "decision"),
}
UNMENDED = {
    # intake: answered on the intake form, before there is a case
    "customer_missing", "description_missing", "found_on_missing", "received_in_future", "received_long_ago",
    "received_too_early", "found_on_in_future", "found_on_long_ago", "quantity_above_delivered",
    # another way is taken
    "only_g4_direct", "master_other_customer",
    # mended on the pages of the contract or the project, or in the form itself
    "impact_project_missing", "impact_price_missing", "impact_other_currency", "impact_milestone_missing",
    "impact_plan_missing", "impact_unreckonable", "lender_reason_missing", "as_of_not_in_force",
    # nothing waits, or another person must
    "nothing_fits", "same_person", "state_does_not_allow", "step_none", "step_asks_others", "call_not_yours",
    "finished_meanwhile", "task_of_another", "action_over",
    "looked_at_already", "goods_decided_by",
    # another person is named in the form itself
    "person_unfit", "letter_twice", "family_unknown",
}  # fmt: skip


def teach(mends: Mapping[str, Mend], unmended: Collection[str] = ()) -> None:
    """Add a higher room's gaps. Raises ValueError if a code is taken."""
    if taken := (MENDS.keys() | UNMENDED) & (mends.keys() | set(unmended)):
        raise ValueError(f"codes taken: {sorted(taken)}")
    MENDS.update(mends)
    UNMENDED.update(unmended)


def address(complaint: Complaint, act: str, gap: Reason | None = None) -> str:
    """Return the address of an act's page, opened for what fills `gap` and at its field."""
    url = reverse("case-do", args=[complaint.ref, act])
    mend = MENDS.get(gap.code) if gap else None
    if gap is None or mend is None or mend.act != act:
        return url
    query = urlencode({name: gap.params[name] for name in mend.fill if gap.params.get(name)})
    return url + (f"?{query}" if query else "") + (f"#id_{mend.field}" if mend.field else "")


def label(gap: Reason | None, default: Words) -> str:
    """Return what the link to the mend of `gap` says."""
    mend = MENDS.get(gap.code) if gap else None
    if gap is None or mend is None or not mend.label:
        return str(default)
    return str(mend.label).format(**{name: _short(str(value)) for name, value in gap.params.items()})


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
