"""The words of the gates: conformity, notice, guarantee, cause, order of remedies, and the verdicts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from contracts.words import Words

STEPS: dict[str, Words] = {
    "measured.CONFORMING": _("%(value)s %(unit)s lies within the limits (%(limits)s): conforming."),
    "measured.NONCONFORMING": _("%(value)s %(unit)s lies outside the limits (%(limits)s): nonconforming."),
    "measured.CONFORMING.guarded": _(
        "%(value)s ± %(U)s %(unit)s lies wholly within the limits (%(limits)s): conforming is proven."
    ),
    "measured.NONCONFORMING.guarded": _(
        "%(value)s ± %(U)s %(unit)s lies wholly outside the limits (%(limits)s): nonconforming is proven."
    ),
    "measured.INCONCLUSIVE.guarded": _(
        "%(value)s ± %(U)s %(unit)s reaches over a limit (%(limits)s): neither side is proven. Use a finer "
        "method or an expert."
    ),
    "lot.plan": _(
        "%(edition)s, lot of %(lot)s, level %(level)s, AQL %(aql)s: letter %(letter)s, sample %(n)s, accept "
        "at %(ac)s, refuse from %(re)s."
    ),
    "lot.whole": _("The plan’s sample of %(n)s is not smaller than the lot of %(lot)s: inspect all."),
    "lot.other_sample": _("%(sample)s were inspected, the plan asks for %(n)s. Legal must judge it."),
    "lot.accepted": _(
        "%(found)s found, at most %(ac)s allowed: the lot is accepted. Units found defective are still replaced."
    ),
    "lot.refused": _("%(found)s found, refused from %(re)s: the lot is refused."),
    "lot.price": _("%(lot)s × %(each)s = %(price)s, the price of the lot."),
    "concession.covered": _(
        "“%(characteristic)s” was accepted by the signed concession (%(accepted)s): no claim for it."
    ),
    "concession.open": _("The signed concession does not cover “%(characteristic)s”: a claim stays open."),
    "notice.period": _("%(period)s from %(start)s, that day not counted: last day %(last)s."),
    "notice.guarantee": _(
        "No inspection period is agreed; the guarantee period of %(period)s from %(start)s counts: last day %(last)s."
    ),
    "notice.outer": _("No period is agreed: two years from receipt on %(start)s are the outer limit, %(last)s."),
    "notice.in_time": _("Notice of %(on)s came in time (last day %(last)s)."),
    "notice.late": _("Notice of %(on)s came after the last day, %(last)s."),
    "notice.seller_knew": _(
        "The seller knew of the defect or should have: late notice does no harm. Legal must judge it."
    ),
    "notice.reasonable": _("Whether notice came within a reasonable time has to be judged."),
    "notice.by_its_law": _(
        "The law of the contract knows no two years for notice; what time is reasonable under it, Legal must judge."
    ),
    "notice.outer_over": _("The outer limit of two years from receipt has passed: the goods count as conforming."),
    "notice.too_short": _(
        "The period is too short for a hidden defect and binds for appearance only: reasonable time from "
        "discovery, at the latest %(outer)s."
    ),
    "notice.apparent_only": _(
        "The agreed period is for apparent defects only: for the hidden one reasonable time from discovery, "
        "at the latest %(outer)s."
    ),
    "notice.barred": _("The agreed period has passed: the goods count as conforming."),
    "notice.presumed": _(
        "The signed delivery note (%(listed)s) presumes that quantity and appearance were checked. It can be rebutted."
    ),
    "notice.presumed.rebutted": _(
        "Evidence rebuts what the signed delivery note (%(listed)s) presumes: the claim is open."
    ),
    "guarantee.period": _("%(period)s from %(start)s: last day %(last)s."),
    "guarantee.which": _("Of several periods, %(which)s counts: %(last)s."),
    "guarantee.restarted": _("The replaced part is guaranteed anew for %(period)s from %(start)s: %(last)s."),
    "guarantee.at_most": ngettext_lazy(
        "At most %(n)s month from acceptance on %(start)s: %(last)s.",
        "At most %(n)s months from acceptance on %(start)s: %(last)s.",
        "count",
    ),
    "guarantee.within": _("%(on)s lies within the guarantee (last day %(last)s)."),
    "guarantee.over": _("%(on)s lies after the guarantee (last day %(last)s)."),
    "limitation.runs": ngettext_lazy(
        "%(n)s year from knowledge on %(start)s: last day %(last)s.",
        "%(n)s years from knowledge on %(start)s: last day %(last)s.",
        "count",
    ),
    "limitation.demand": ngettext_lazy(
        "A demand on %(start)s begins the %(n)s year anew: last day %(last)s.",
        "A demand on %(start)s begins the %(n)s years anew: last day %(last)s.",
        "count",
    ),
    "limitation.admission": ngettext_lazy(
        "An admission on %(start)s begins the %(n)s year anew: last day %(last)s.",
        "An admission on %(start)s begins the %(n)s years anew: last day %(last)s.",
        "count",
    ),
    "limitation.too_late": _("What was done on %(on)s came after the end on %(last)s and begins nothing anew."),
    "limitation.warning": _("Suspension and other interruptions are not known here. Legal must judge it."),
    "order.clause": _("The clause sets the order %(order)s; repair attempts failed: %(failed)s of %(most)s."),
    "order.cisg": _("By the convention, substitute goods and avoidance need a fundamental breach, which this is not."),
    "order.cisg.fundamental": _(
        "The breach is fundamental: by the convention, substitute goods and avoidance are open too."
    ),
    "order.law": _("No clause: the buyer may choose reasonably by the law."),
    "order.open": _("%(asked)s is open now (open: %(available)s)."),
    "order.shut": _("%(asked)s is not open now (open: %(available)s)."),
    "cause.not_ours": _("No share of the cause is the seller’s (%(cause)s)."),
    "cause.shared": _("%(loss)s × %(pct)s %% (the seller with its suppliers and carriers) = %(amount)s."),
    "cause.goodwill": _("Nothing is owed; goodwill is possible and needs a higher approval."),
    "law.silent": _(
        "No clause on the governing law was found, so it is open which rules fill the gaps. Legal must judge it."
    ),
    "law.prc": _("The law of China applies; the UN Sales Convention is excluded or does not matter."),
    "law.cisg": _("The UN Sales Convention (CISG) applies."),
    "law.to_judge": _(
        "Governing law: %(law_of)s. Whether the UN Sales Convention applies and what fills the gaps is open. Legal "
        "must judge it."
    ),
    "clause.unchecked": _("A clause on this is in force, but Legal has not checked it yet."),
    "conform.unknown": _("Nothing measured or stated says yet whether the goods conform."),
    "conform.stated_no": _("The case states that the goods do not conform."),
    "conform.stated_yes": _("The case states that the goods conform."),
    "measured.units_differ": _("A value in %(unit)s cannot be compared with a limit in %(wanted)s."),
    "notice.unknown": _("Facts are missing to tell whether notice came in time."),
    "guarantee.none": _("The contract has no guarantee clause: nothing to pass here."),
    "guarantee.unknown": _("Facts are missing to tell whether the guarantee still ran."),
    "guarantee.used_up": _("Used %(used)s of %(limit)s (%(unit)s): the guarantee has ended by use."),
    "cause.unknown": _("Nobody has said yet which share of the cause is the seller’s."),
    "cause.none_ours": _("No share of the cause is the seller’s. Goodwill is possible."),
    "cause.ours": _("The seller answers for %(pct)s %% of the cause."),
    "gate.A": _("Applicable law and version: %(verdict)s%(clause)s."),
    "gate.Q": _("Nonconformity: %(verdict)s%(clause)s."),
    "gate.N": _("Notice in time: %(verdict)s%(clause)s."),
    "gate.G": _("Guarantee: %(verdict)s%(clause)s."),
    "gate.C": _("Cause: %(verdict)s%(clause)s."),
    "gate.O": _("Order of remedies: %(verdict)s%(clause)s."),
}
GATES: dict[str, Words] = {
    "A": pgettext_lazy("gate", "Applicable law and version"),
    "Q": pgettext_lazy("gate", "Nonconformity"),
    "N": pgettext_lazy("gate", "Notice in time"),
    "G": pgettext_lazy("gate", "Guarantee"),
    "C": pgettext_lazy("gate", "Cause"),
    "O": pgettext_lazy("gate", "Order of remedies"),
}
VERDICTS: dict[str, Words] = {
    "ENTITLED": pgettext_lazy("verdict", "Entitled"),
    "NOT_ENTITLED": pgettext_lazy("verdict", "Not entitled"),
    "UNDETERMINED": pgettext_lazy("verdict", "Needs a fact"),
    "PARTIAL": pgettext_lazy("verdict", "Partly entitled"),
    "REVIEW": pgettext_lazy("verdict", "Legal must judge it"),
    "PASS": pgettext_lazy("verdict", "Passed"),
    "FAIL": pgettext_lazy("verdict", "Not passed"),
    "UNKNOWN": pgettext_lazy("verdict", "Needs a fact"),
    "OPEN": pgettext_lazy("verdict", "Open"),
    "BARRED": pgettext_lazy("verdict", "Barred"),
    "WITHIN": pgettext_lazy("verdict", "Within the tolerance"),
    "LD": pgettext_lazy("verdict", "Agreed damages"),
    "REJECT": pgettext_lazy("verdict", "May be refused"),
    "REDUCTION_MAY_BE_ASKED": pgettext_lazy("verdict", "A reduction may be asked"),
    "INCREASE_MAY_BE_ASKED": pgettext_lazy("verdict", "An increase may be asked"),
    "NONE": pgettext_lazy("verdict", "Nothing to change"),
    "LIQUIDATED": pgettext_lazy("verdict", "Agreed damages give more"),
    "EARNEST": pgettext_lazy("verdict", "Earnest money gives more"),
    "EITHER": pgettext_lazy("verdict", "Both give the same"),
    "INSPECTED_FOR_QUANTITY_AND_APPEARANCE": pgettext_lazy("verdict", "Quantity and appearance are presumed checked"),
}
