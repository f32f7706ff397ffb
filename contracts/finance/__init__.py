"""
What a quality problem does to the money of a project: delay → payments → cash → debt cover → exposure (DOMAIN §12).

PURE. Exact arithmetic throughout; each amount is rounded once, half away from zero. Every result is frozen and carries
its `working`: steps that name the figure they explain, a code and the numbers of the formula. Words: finance_words.
Worked numbers: docs/finance.md.
"""

from contracts.finance.cash import CashPlan, CashTable, cash_table, receipts_by_month
from contracts.finance.cover import Cover, Levels, State, covenant, cure, dscr, llcr, look_back
from contracts.finance.delay import (
    BASES,
    PaymentItem,
    extra_interest,
    milestone_delay,
    payments_at_risk,
    project_delay,
    retention_at_risk,
)
from contracts.finance.exposure import (
    HEADS,
    Chance,
    LenderTest,
    Recovery,
    expected_value,
    lender_material,
    net_exposure,
)
from contracts.finance.impact import (
    Compared,
    Damages,
    Impact,
    Name,
    Plan,
    Project,
    Scenario,
    assess,
    compare,
)
from contracts.finance.lending import Covenants, Lending, Loan, lend
from contracts.finance.working import Step, Unreckonable, rounded

__all__ = [
    "BASES", "HEADS", "CashPlan", "CashTable", "Chance", "Compared", "Covenants", "Cover", "Damages", "Impact",
    "LenderTest", "Lending", "Levels", "Loan", "Name", "PaymentItem", "Plan", "Project", "Recovery", "Scenario",
    "State", "Step", "Unreckonable", "assess", "cash_table", "compare", "covenant", "cure", "dscr", "expected_value",
    "extra_interest", "lend", "lender_material", "llcr", "look_back", "milestone_delay", "net_exposure",
    "payments_at_risk", "project_delay", "receipts_by_month", "retention_at_risk", "rounded",
]  # fmt: skip
