"""The words of the rules: each step of a working, each fact, each problem. The edge of `clauses.rules`."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts.amounts import Money
from contracts.clauses import Problem
from contracts.clauses.choices import Unit
from contracts.words import CHOICES as TERM_CHOICES
from contracts.words import LABELS, Words, value_in_words
from contracts.words import PROBLEMS as TERM_PROBLEMS
from worktime.explain import Line
from worktime.words import PERIODS

STEPS: dict[str, Words] = {
    "delay.on_time": _("Performed on %(actual)s, due %(due)s: not late."),
    "delay.late": _("Late by %(n)s days (due %(due)s not counted, %(actual)s counted)."),
    "delay.late.inclusive": _("Late by %(n)s days (due %(due)s counted by the clause, %(actual)s counted)."),
    "delay.given": _("%(n)s days late, as entered."),
    "delay.fm.not_notified": _("Force majeure was not notified, so it excuses nothing here. A lawyer must look at it."),
    "delay.fm.too_late": _("Force majeure from %(first)s to %(last)s began after the due day %(due)s: no relief."),
    "delay.fm.excused": _("%(n)s of these days fall under force majeure and are not counted."),
    "delay.fm.extended": _("Force majeure of %(n)s days moves the due day to %(due)s."),
    "delay.grace.DEDUCTIBLE": _("%(grace)s grace days are always free: %(late)s late, %(n)s counted."),
    "delay.grace.THRESHOLD": _("%(grace)s grace days are free unless exceeded: %(late)s late, %(n)s counted."),
    "delay.weeks": _("%(days)s days; a part of a week %(part_week)s: %(weeks)s weeks."),
    "delay.vat": _("The price is %(incl)s with VAT of %(pct)s %% and %(excl)s without."),
    "delay.vat_unknown": _(
        "Nobody has said whether VAT is in the base of the percentage. Both sums are shown; the clause must "
        "say which one counts."
    ),
    "ld.rate": _("%(n)s × %(rate)s %% × %(base)s = %(raw)s (rate per %(per)s)."),
    "cap.applied": _("The limit of %(limit)s is below %(before)s: the limit is payable."),
    "cap.reached": _("The limit of %(limit)s is just reached."),
    "cap.kept": _("The limit of %(limit)s is not reached."),
    "payable": _("Payable: %(amount)s."),
    "payable.nothing": _("Nothing is payable."),
    "units.confirmed_count": _("%(claimed)s units are claimed, %(confirmed)s confirmed: only confirmed units count."),
    "units.product": _("%(n)s units × %(each)s = %(raw)s."),
    "perf.within": _(
        "Measured %(measured)s %(unit)s, guaranteed %(guaranteed)s with a tolerance of %(tolerance)s: within "
        "(edge %(edge)s)."
    ),
    "perf.short": _("Measured %(measured)s %(unit)s against %(start)s: short by %(short)s."),
    "perf.steps": _("In steps of %(step)s %(unit)s, where a part %(part_step)s: %(n)s × %(each)s = %(raw)s."),
    "perf.rejected": _(
        "Measured %(measured)s %(unit)s lies beyond the limit of rejection, %(limit)s: damages per step do not apply."
    ),
    "perf.remedies": _("Open instead: %(remedies)s. A lawyer must judge which."),
    "fixed.product": _("%(n)s × %(pct)s %% × %(base)s = %(raw)s."),
    "adjust.NONE": _(
        "%(payable_by_contract)s agreed, proven loss %(loss)s, 130 %% of it %(reference_130pct)s: nothing "
        "invites a change."
    ),
    "adjust.REDUCTION_MAY_BE_ASKED": _(
        "%(payable_by_contract)s agreed exceeds 130 %% of the proven loss %(loss)s, which is "
        "%(reference_130pct)s: a reduction may be asked."
    ),
    "adjust.INCREASE_MAY_BE_ASKED": _(
        "%(payable_by_contract)s agreed is below the proven loss %(loss)s: an increase may be asked."
    ),
    "adjust.never_cut": _("The agreed sum is never changed here: a court or tribunal adjusts it on request."),
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
    "lot.other_sample": _("%(sample)s were inspected, the plan asks for %(n)s. A lawyer must look at it."),
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
        "The seller knew of the defect or should have: late notice does no harm. A lawyer must judge it."
    ),
    "notice.reasonable": _("Whether notice came within a reasonable time has to be judged."),
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
    "guarantee.at_most": _("At most %(n)s months from acceptance on %(start)s: %(last)s."),
    "guarantee.within": _("%(on)s lies within the guarantee (last day %(last)s)."),
    "guarantee.over": _("%(on)s lies after the guarantee (last day %(last)s)."),
    "limitation.runs": _("%(n)s years from knowledge on %(start)s: last day %(last)s."),
    "limitation.demand": _("A demand on %(start)s begins the %(n)s years anew: last day %(last)s."),
    "limitation.admission": _("An admission on %(start)s begins the %(n)s years anew: last day %(last)s."),
    "limitation.too_late": _("What was done on %(on)s came after the end on %(last)s and begins nothing anew."),
    "limitation.warning": _("Suspension and other interruptions are not known here. A lawyer must confirm the day."),
    "reduction.cure_refused": _("The buyer refused a proper cure: under the convention the price is not reduced."),
    "reduction.cure_review": _("The buyer refused a cure that was offered. A lawyer must judge what follows."),
    "reduction.MARKET_DIFFERENCE": _("Value as agreed %(conforming)s less value as delivered %(delivered)s: %(raw)s."),
    "reduction.PROPORTIONAL": _("%(price)s × (%(conforming)s − %(delivered)s) ÷ %(conforming)s = %(raw)s."),
    "reduction.SCALE": _("A deviation of %(deviation)s falls into the step of %(pct)s %%: %(raw)s."),
    "reduction.no_step": _("A deviation of %(deviation)s falls into no step of the scale."),
    "reduction.result": _("The price of %(price)s falls by %(reduction)s to %(reduced)s."),
    "order.clause": _("The clause sets the order %(order)s; repair attempts failed: %(failed)s of %(most)s."),
    "order.cisg": _("By the convention, substitute goods and avoidance need a fundamental breach, which this is not."),
    "order.cisg.fundamental": _(
        "The breach is fundamental: by the convention, substitute goods and avoidance are open too."
    ),
    "order.law": _("No clause: the buyer may choose reasonably by the law."),
    "order.open": _("%(asked)s is open now (open: %(available)s)."),
    "order.shut": _("%(asked)s is not open now (open: %(available)s)."),
    "self.not_in_time": _("The claim was not raised in time."),
    "self.seller_acted": _("The seller acted on the request, so the buyer need not have repaired elsewhere."),
    "self.too_early": _("Repaired on %(on)s, before the days of cure were over (%(last)s)."),
    "self.unreasonable": _("The cost is not reasonable as it stands. A lawyer must judge which part is."),
    "self.after_inaction": _(
        "Asked on %(asked)s, the seller did not act within %(n)s days; repaired on %(on)s at a reasonable "
        "cost of %(cost)s."
    ),
    "self.urgent": _("It was urgent: repaired at a reasonable cost of %(cost)s."),
    "damages.loss": _("Proven loss: %(loss)s."),
    "damages.avoidable": _("Less what could have been avoided, %(avoidable)s: %(left)s."),
    "damages.shared": _("Less the buyer’s share of %(pct)s %%: %(left)s."),
    "damages.sole_remedy": _(
        "Agreed damages of %(ld)s are the sole remedy: nothing beside them. A lawyer must look at that."
    ),
    "damages.above_agreed": _(
        "Agreed damages of %(ld)s cover the same loss: only what exceeds them is added, %(extra)s. A lawyer "
        "must confirm it."
    ),
    "damages.total": _("%(ld)s + %(extra)s = %(total)s."),
    "exclusion.kept": _("%(name)s, %(amount)s: not excluded."),
    "exclusion.out": _("%(name)s, %(amount)s: excluded by the clause."),
    "exclusion.void": _("%(name)s, %(amount)s: the exclusion is void here. A lawyer must confirm it."),
    "exclusion.form_clause": _(
        "The exclusion is a form clause that was not shown to have been pointed out. A lawyer must look at it."
    ),
    "heads.sum": _("All heads together: %(sum)s."),
    "heads.cap": _("The limit for all is %(limit)s."),
    "heads.cap_pct": _("The limit for all is %(pct)s %% of %(base)s: %(limit)s."),
    "heads.paid": _("%(paid)s were paid under it before: %(left)s are left."),
    "heads.outside": _("%(names)s, %(amount)s, stand outside the limit."),
    "heads.cap_void": _("With intent or gross negligence the limit does not hold. A lawyer must confirm it."),
    "heads.cut": _("%(inside)s under the limit is cut to %(left)s."),
    "heads.uncut": _("%(inside)s under the limit stays (%(left)s are left)."),
    "cause.not_ours": _("No share of the cause is the seller’s (%(cause)s)."),
    "cause.shared": _("%(loss)s × %(pct)s %% (the seller with its suppliers and carriers) = %(amount)s."),
    "cause.goodwill": _("Nothing is owed; goodwill is possible and needs a higher approval."),
    "retention.held": _("%(pct)s %% of %(price)s is held: %(held)s."),
    "retention.stays": _(
        "An issue raised in time is unsolved and impairs the use: all of it stays held. A lawyer must confirm it."
    ),
    "retention.deducted": _("The seller failed to repair: the buyer’s repair cost of %(deducted)s is deducted."),
    "retention.not_deducted": _("The repair cost of %(cost)s is not deducted: the seller did not fail to repair."),
    "retention.claim_left": _("%(left)s exceed the money held and stay a claim."),
    "retention.released": _("Released: %(released)s."),
    "earnest.effective": _(
        "%(paid)s paid; up to %(pct)s %% of the price (%(limit)s) works as earnest money: %(effective)s."
    ),
    "earnest.twice": _("Twice %(effective)s and the rest of %(rest)s come back: %(back)s."),
    "earnest.or_ld": _("Or agreed damages of %(ld)s and all that was paid, %(paid)s: %(back)s."),
    "earnest.better.LIQUIDATED": _("One of the two may be chosen; agreed damages give more."),
    "earnest.better.EARNEST": _("One of the two may be chosen; earnest money gives more."),
    "earnest.better.EITHER": _("One of the two may be chosen; both give the same."),
    "earnest.no_breach": _(
        "No fundamental breach of the seller: the rule on earnest money gives nothing. A lawyer must judge "
        "what becomes of the payment."
    ),
    "fx.product": _("%(source)s × %(rate)s (%(on)s) = %(amount)s, rounded once."),
    "set_off.rest": _(
        "Price unpaid %(price)s, compensation %(owed)s: the buyer pays %(buyer_pays)s, the seller %(seller_pays)s."
    ),
    "interest.yearly": _("%(principal)s × %(rate)s %% × (1 + %(uplift)s %%) × %(n)s ÷ %(basis)s = %(interest)s."),
    "interest.daily": _("%(principal)s × %(daily)s %% × %(n)s days = %(interest)s."),
    "not_used": _("Not used, for this rule does not know it: %(names)s."),
    "law.silent": _("No clause on the governing law was found. A lawyer must say which rules fill the gaps."),
    "law.prc": _("The law of China applies; the UN Sales Convention is excluded or does not matter."),
    "law.cisg": _("The UN Sales Convention (CISG) applies."),
    "law.to_judge": _(
        "Governing law: %(law_of)s. A lawyer must say whether the UN Sales Convention applies and what fills the gaps."
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
    "head.currency": _("The clause counts in %(clause)s, the case in %(case)s. Convert first; nothing is mixed."),
    "head.missing": _("Missing: %(names)s."),
    "damages.by_law": _("No clause on damages: by the law the whole foreseeable loss is made good."),
    "damages.not_covered": _("Not covered by the clause on damages: %(names)s."),
    "gate.A": _("Applicable law and version: %(verdict)s%(clause)s."),
    "gate.Q": _("Nonconformity: %(verdict)s%(clause)s."),
    "gate.N": _("Notice in time: %(verdict)s%(clause)s."),
    "gate.G": _("Guarantee: %(verdict)s%(clause)s."),
    "gate.C": _("Cause: %(verdict)s%(clause)s."),
    "gate.O": _("Order of remedies: %(verdict)s%(clause)s."),
    "head": _("%(kind)s: %(verdict)s%(clause)s."),
    "head.sum": _("%(kind)s: %(verdict)s, %(amount)s%(clause)s."),
    "part": _("%(kind)s%(clause)s."),
    "total": _("In all: %(amount)s."),
    "total.at_most": _("In all: %(amount)s for certain, %(at_most)s at most once the missing facts are known."),
    "total.open": _("In all: %(amount)s for certain; how much more it can be, only the missing facts can tell."),
    "total.uncapped": _("The common cap is not known yet and can still lower this."),
    "flip": _("Would turn the verdict: %(fact)s = %(to)s."),
    "ruled": _("Ruled otherwise by people, dispute no. %(number)s: %(verdict)s."),
    "not_legal_advice": _("Computed for review, not legal advice."),
}
FACTS: dict[str, Words] = {
    "currency": pgettext_lazy("fact", "Currency"),
    "due": pgettext_lazy("fact", "Due on"),
    "actual": pgettext_lazy("fact", "Performed on"),
    "days": pgettext_lazy("fact", "Days"),
    "days_late": pgettext_lazy("fact", "Days late"),
    "base": pgettext_lazy("fact", "Base"),
    "price_incl_vat": pgettext_lazy("fact", "Price with VAT"),
    "price_excl_vat": pgettext_lazy("fact", "Price without VAT"),
    "vat_pct": pgettext_lazy("fact", "VAT, %"),
    "vat": pgettext_lazy("fact", "VAT in the base"),
    "inclusive": pgettext_lazy("fact", "The due day counts"),
    "grace_days": pgettext_lazy("fact", "Grace days"),
    "grace_kind": pgettext_lazy("fact", "Kind of grace"),
    "force_majeure": pgettext_lazy("fact", "Force majeure, first and last day"),
    "fm_mode": pgettext_lazy("fact", "Effect of force majeure"),
    "fm_notified": pgettext_lazy("fact", "Force majeure was notified"),
    "cap": pgettext_lazy("fact", "Limit, amount"),
    "cap_pct": pgettext_lazy("fact", "Limit, %"),
    "cap_of": pgettext_lazy("fact", "Base of the limit"),
    "cap_text": pgettext_lazy("fact", "Limit, in the words of the clause"),
    "rate_pct_per_day": pgettext_lazy("fact", "Rate per day, %"),
    "rate_pct_per_week": pgettext_lazy("fact", "Rate per week, %"),
    "part_week": pgettext_lazy("fact", "A part of a week"),
    "units_confirmed": pgettext_lazy("fact", "Units confirmed"),
    "units_claimed": pgettext_lazy("fact", "Units claimed"),
    "amount_per_unit": pgettext_lazy("fact", "Amount per unit"),
    "unit_price": pgettext_lazy("fact", "Unit price"),
    "unit_price_pct": pgettext_lazy("fact", "Percentage of the unit price"),
    "affected_price": pgettext_lazy("fact", "Price of the affected goods"),
    "guaranteed": pgettext_lazy("fact", "Guaranteed value"),
    "unit": pgettext_lazy("fact", "Unit"),
    "measured": pgettext_lazy("fact", "Measured value"),
    "measured_unit": pgettext_lazy("fact", "Unit of the measured value"),
    "direction": pgettext_lazy("fact", "Which way is better"),
    "tolerance": pgettext_lazy("fact", "Tolerance"),
    "tolerance_kind": pgettext_lazy("fact", "Shortfall measured from"),
    "step": pgettext_lazy("fact", "Step"),
    "amount_per_step": pgettext_lazy("fact", "Amount per step"),
    "part_step": pgettext_lazy("fact", "A part of a step"),
    "reject_below": pgettext_lazy("fact", "Rejected below"),
    "reject_above": pgettext_lazy("fact", "Rejected above"),
    "pct": pgettext_lazy("fact", "Percentage"),
    "count_rule": pgettext_lazy("fact", "Due how often"),
    "events": pgettext_lazy("fact", "Events or lots"),
    "liquidated": pgettext_lazy("fact", "Agreed damages"),
    "proven_loss": pgettext_lazy("fact", "Proven loss"),
    "value": pgettext_lazy("fact", "Measured value"),
    "value_unit": pgettext_lazy("fact", "Unit of the measured value"),
    "U": pgettext_lazy("fact", "Expanded uncertainty U"),
    "lower_limit": pgettext_lazy("fact", "Lower limit"),
    "upper_limit": pgettext_lazy("fact", "Upper limit"),
    "limits_excluded": pgettext_lazy("fact", "The limit itself fails"),
    "rule": pgettext_lazy("fact", "How uncertainty counts"),
    "lot": pgettext_lazy("fact", "Lot size"),
    "level": pgettext_lazy("fact", "Inspection level"),
    "aql": pgettext_lazy("fact", "AQL"),
    "severity": pgettext_lazy("fact", "Severity of inspection"),
    "edition": pgettext_lazy("fact", "Edition of the plans"),
    "sample": pgettext_lazy("fact", "Units inspected"),
    "found": pgettext_lazy("fact", "Found"),
    "concession": pgettext_lazy("fact", "Concession"),
    "claims": pgettext_lazy("fact", "Claims"),
    "characteristic": pgettext_lazy("fact", "Characteristic"),
    "accepted_value": pgettext_lazy("fact", "Accepted value"),
    "quantity": pgettext_lazy("fact", "Quantity"),
    "delivered": pgettext_lazy("fact", "Delivered on"),
    "start": pgettext_lazy("fact", "Runs from"),
    "period": pgettext_lazy("fact", "Period"),
    "inspection_period": pgettext_lazy("fact", "Agreed inspection period"),
    "scope": pgettext_lazy("fact", "Scope"),
    "guarantee_period": pgettext_lazy("fact", "Guarantee period"),
    "roll": pgettext_lazy("fact", "A rest day moves the last day"),
    "notice_date": pgettext_lazy("fact", "Notice given on"),
    "defect": pgettext_lazy("fact", "Kind of defect"),
    "period_too_short": pgettext_lazy("fact", "Too short for a full inspection"),
    "seller_knew": pgettext_lazy("fact", "The seller knew of the defect"),
    "delivery_note_lists": pgettext_lazy("fact", "The signed delivery note lists"),
    "contrary_evidence": pgettext_lazy("fact", "There is evidence to the contrary"),
    "accepted": pgettext_lazy("fact", "Accepted on"),
    "months": pgettext_lazy("fact", "Months"),
    "periods": pgettext_lazy("fact", "Guarantee periods"),
    "which": pgettext_lazy("fact", "Which end counts"),
    "replaced": pgettext_lazy("fact", "Replaced on"),
    "restart_months": pgettext_lazy("fact", "New guarantee of replaced parts (months)"),
    "max_months": pgettext_lazy("fact", "At most, in all (months)"),
    "claim_date": pgettext_lazy("fact", "Claim raised on"),
    "knowledge": pgettext_lazy("fact", "Known since"),
    "demand": pgettext_lazy("fact", "Demanded on"),
    "admission": pgettext_lazy("fact", "Admitted on"),
    "years": pgettext_lazy("fact", "Years"),
    "method": pgettext_lazy("fact", "Method"),
    "price": pgettext_lazy("fact", "Price"),
    "value_conforming": pgettext_lazy("fact", "Value as agreed"),
    "value_delivered": pgettext_lazy("fact", "Value as delivered"),
    "deviation": pgettext_lazy("fact", "Deviation"),
    "scale": pgettext_lazy("fact", "Scale"),
    "governing_law": pgettext_lazy("fact", "Governing law"),
    "cure_offered": pgettext_lazy("fact", "A cure was offered"),
    "cure_refused": pgettext_lazy("fact", "The buyer refused it"),
    "clause": pgettext_lazy("fact", "Clause"),
    "order": pgettext_lazy("fact", "Remedies in their order"),
    "chooser": pgettext_lazy("fact", "Who chooses"),
    "max_repairs": pgettext_lazy("fact", "Repair attempts at most"),
    "failed_repairs": pgettext_lazy("fact", "Repairs that failed"),
    "failed": pgettext_lazy("fact", "Remedies that failed"),
    "requested": pgettext_lazy("fact", "Remedy asked for"),
    "remedy": pgettext_lazy("fact", "Remedy asked for"),
    "fundamental_breach": pgettext_lazy("fact", "The breach is fundamental"),
    "repair_reasonable": pgettext_lazy("fact", "Repair is reasonable"),
    "in_time": pgettext_lazy("fact", "The claim was raised in time"),
    "seller_asked": pgettext_lazy("fact", "Seller asked on"),
    "cure_days": pgettext_lazy("fact", "Days to cure"),
    "seller_acted": pgettext_lazy("fact", "The seller acted"),
    "urgent": pgettext_lazy("fact", "It was urgent"),
    "repair_date": pgettext_lazy("fact", "Repaired on"),
    "cost": pgettext_lazy("fact", "Cost"),
    "reasonable": pgettext_lazy("fact", "The cost is reasonable"),
    "loss": pgettext_lazy("fact", "Loss"),
    "avoidable": pgettext_lazy("fact", "Of which avoidable"),
    "buyer_share_pct": pgettext_lazy("fact", "Buyer’s share, %"),
    "ld_same_loss": pgettext_lazy("fact", "Agreed damages for the same loss"),
    "ld_exclusive": pgettext_lazy("fact", "They are the sole remedy"),
    "items": pgettext_lazy("fact", "Loss by kind"),
    "excluded": pgettext_lazy("fact", "Excluded kinds"),
    "gross_negligence": pgettext_lazy("fact", "Gross negligence"),
    "intent": pgettext_lazy("fact", "Intent"),
    "seller_silent": pgettext_lazy("fact", "The seller hid a defect that it knew"),
    "form_clause": pgettext_lazy("fact", "It is a form clause"),
    "pointed_out": pgettext_lazy("fact", "It was pointed out"),
    "heads": pgettext_lazy("fact", "Heads with their sums"),
    "contract_price": pgettext_lazy("fact", "Contract price"),
    "aggregate_cap": pgettext_lazy("fact", "Limit for all, amount"),
    "aggregate_cap_pct": pgettext_lazy("fact", "Limit for all, %"),
    "carve_outs": pgettext_lazy("fact", "Outside the limit"),
    "already_paid": pgettext_lazy("fact", "Paid under the limit before"),
    "cause": pgettext_lazy("fact", "Cause"),
    "seller_share_pct": pgettext_lazy("fact", "Seller’s share, %"),
    "shares": pgettext_lazy("fact", "Shares of the cause, %"),
    "retention_pct": pgettext_lazy("fact", "Retention, %"),
    "third_party_repair": pgettext_lazy("fact", "Cost of repair by a third party"),
    "seller_failed_to_repair": pgettext_lazy("fact", "The seller failed to repair"),
    "open_issue_impairs_use": pgettext_lazy("fact", "An open issue impairs the use"),
    "earnest_paid": pgettext_lazy("fact", "Earnest money paid"),
    "seller_fundamental_breach": pgettext_lazy("fact", "Fundamental breach of the seller"),
    "amount": pgettext_lazy("fact", "Amount"),
    "rate": pgettext_lazy("fact", "Rate"),
    "to": pgettext_lazy("fact", "Into the currency"),
    "rate_date": pgettext_lazy("fact", "Rate of"),
    "unpaid_price": pgettext_lazy("fact", "Price unpaid"),
    "compensation": pgettext_lazy("fact", "Compensation"),
    "principal": pgettext_lazy("fact", "Sum owed"),
    "reference_rate_pct": pgettext_lazy("fact", "Reference rate a year, %"),
    "uplift_pct": pgettext_lazy("fact", "Uplift of it, %"),
    "daily_rate_pct": pgettext_lazy("fact", "Rate per day, %"),
    "day_basis": pgettext_lazy("fact", "Days of the year"),
    "calendar": pgettext_lazy("fact", "Working days of"),
    "facts": pgettext_lazy("fact", "Facts"),
    "delivered_on": pgettext_lazy("fact", "Delivered on"),
    "installed_on": pgettext_lazy("fact", "Installed on"),
    "commissioned_on": pgettext_lazy("fact", "Commissioned on"),
    "accepted_on": pgettext_lazy("fact", "Accepted on"),
    "first_used_on": pgettext_lazy("fact", "First used on"),
    "found_on": pgettext_lazy("fact", "Found on"),
    "notified_on": pgettext_lazy("fact", "Notice given on"),
    "due_on": pgettext_lazy("fact", "Due on"),
    "commissioning_due_on": pgettext_lazy("fact", "Commissioning due on"),
    "repair_due_on": pgettext_lazy("fact", "Repair due on"),
    "repaired_on": pgettext_lazy("fact", "Repaired on"),
    "replaced_on": pgettext_lazy("fact", "Replaced on"),
    "nonconforming": pgettext_lazy("fact", "The goods do not conform"),
    "measurements": pgettext_lazy("fact", "Measurements"),
    "usage": pgettext_lazy("fact", "Use so far"),
    "breaches": pgettext_lazy("fact", "Breaches counted"),
    "delayed_price": pgettext_lazy("fact", "Price of the delayed part"),
    "prices_include_vat": pgettext_lazy("fact", "Prices include VAT"),
    "losses": pgettext_lazy("fact", "Loss by kind"),
    "same_loss": pgettext_lazy("fact", "Same loss as the agreed damages"),
    "known_on": pgettext_lazy("fact", "Known since"),
    "demanded_on": pgettext_lazy("fact", "Demanded on"),
    "admitted_on": pgettext_lazy("fact", "Admitted on"),
    "assessed_on": pgettext_lazy("fact", "Assessed on"),
    "unchecked": pgettext_lazy("fact", "Clauses that are not checked yet"),
    "as_of": pgettext_lazy("fact", "As of"),
    "clauses": pgettext_lazy("fact", "Clauses"),
}
PROBLEMS: dict[str, Words] = {
    "currency_mismatch": _("“%(field)s” is in %(other)s, another sum in %(first)s. Convert one of them first."),
    "no_limit": _("“%(field)s” or the upper limit is missing. Enter at least one of them."),
    "too_fine": _("“%(field)s” has too many decimals. Give at most %(limit)s."),
    "not_a_period": _("“%(given)s” is no period for “%(field)s”. Write it as 15 day, 24 month or 2 year."),
    "not_a_span": _("“%(given)s” are no first and last day for “%(field)s”. Write both as 2026-05-14."),
    "span_backwards": _("“%(field)s” ends on %(last)s, before it begins on %(first)s. Exchange the days."),
    "not_a_pair": _("“%(field)s” takes a name and a value. Give both."),
    "said_twice": _("“%(field)s” and “%(other)s” say the same thing. Leave one of them empty."),
    "no_plan": _("There is no sampling plan for this “%(field)s”. There are: %(known)s."),
    "units_differ": _(
        "“%(given)s” cannot be converted into “%(wanted)s”. Give “%(field)s” in a unit of the same kind."
    ),
    "not_a_hundred": _("The shares make %(total)s %%. Make them 100 %%."),
    "order_or_law": _("Neither an order of remedies nor a law is given. Enter one of them."),
    "rate_of_same": _("Both currencies are the same, so the rate must be 1."),
    "year_far": _("“%(field)s” lies too far away. Give a year from %(first)s to %(last)s."),
    "in_future": _("“%(field)s” is a day that is still to come. Give the day on which it happened."),
    "not_reckoned": _("A period does not end within the calendar. Correct the days or the terms of the clause."),
    "before": _("“%(field)s” lies on the wrong side of “%(other)s”. Correct one of the days."),
}
KINDS: dict[str, Words] = {
    "GOVERNING_LAW": pgettext_lazy("rule", "Applicable law"),
    "LD_DELAY_DAY": pgettext_lazy("rule", "Agreed damages per day of delay"),
    "LD_DELAY_WEEK": pgettext_lazy("rule", "Agreed damages per week of delay"),
    "LD_DELAY": pgettext_lazy("rule", "Agreed damages for delay"),
    "LD_PER_UNIT": pgettext_lazy("rule", "Agreed damages per defective unit"),
    "LD_PERFORMANCE": pgettext_lazy("rule", "Agreed damages for performance"),
    "LD_FIXED_PCT": pgettext_lazy("rule", "Agreed damages, fixed percentage"),
    "LD_ADJUSTMENT": pgettext_lazy("rule", "Agreed damages against the loss"),
    "QUALITY_STANDARD": pgettext_lazy("rule", "Measured value against limits"),
    "ACCEPTANCE": pgettext_lazy("rule", "Lot by its sample (AQL)"),
    "CONCESSION": pgettext_lazy("rule", "Signed concession"),
    "INSPECTION_NOTICE": pgettext_lazy("rule", "Notice of defects in time"),
    "GUARANTEE_PERIOD": pgettext_lazy("rule", "Guarantee period"),
    "LIMITATION_OF_ACTION": pgettext_lazy("rule", "Limitation of action"),
    "PRICE_REDUCTION": pgettext_lazy("rule", "Price reduction"),
    "REMEDY_ORDER": pgettext_lazy("rule", "Remedies in their order"),
    "SELF_REPAIR": pgettext_lazy("rule", "Repair by the buyer"),
    "DAMAGES": pgettext_lazy("rule", "Damages"),
    "EXCLUSION": pgettext_lazy("rule", "Exclusion of liability"),
    "LIABILITY_CAP": pgettext_lazy("rule", "Liability cap"),
    "ATTRIBUTION": pgettext_lazy("rule", "Share of the cause"),
    "RETENTION": pgettext_lazy("rule", "Retention money"),
    "EARNEST_MONEY": pgettext_lazy("rule", "Earnest money or agreed damages"),
    "FX": pgettext_lazy("rule", "Conversion of a sum"),
    "SET_OFF": pgettext_lazy("rule", "Set-off against the price"),
    "LATE_INTEREST": pgettext_lazy("rule", "Late interest"),
}
CHOICES: dict[str, Words] = {
    "DEADBAND": pgettext_lazy("fact choice", "the edge of the tolerance"),
    "APPARENT": pgettext_lazy("fact choice", "apparent"),
    "LATENT": pgettext_lazy("fact choice", "hidden"),
    "QUANTITY": pgettext_lazy("fact choice", "quantity"),
    "CISG": pgettext_lazy("fact choice", "UN Sales Convention (CISG)"),
    "NORMAL": pgettext_lazy("fact choice", "normal"),
    "TIGHTENED": pgettext_lazy("fact choice", "tightened"),
    "CONFORMING": pgettext_lazy("fact choice", "Conforming"),
    "NONCONFORMING": pgettext_lazy("fact choice", "Nonconforming"),
    "INCONCLUSIVE": pgettext_lazy("fact choice", "Inconclusive"),
    "REJECT_GOODS": pgettext_lazy("fact choice", "refusal of the goods"),
    "TERMINATE": pgettext_lazy("fact choice", "termination"),
    "REPLACE": pgettext_lazy("fact choice", "replacement"),
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
    "REVIEW": pgettext_lazy("verdict", "Needs a lawyer’s review"),
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


def say(step: Line) -> str:
    """Return a step of a working as a sentence in the active language."""
    params = dict(step.params)
    if step.code == "head.missing":
        params["names"] = [str(fact(name)) for name in params["names"]]
    if step.code == "flip":
        params["fact"] = str(fact(params["fact"]))
    if "lower" in params:
        params["limits"] = _limits(params["lower"], params["upper"])
    if "clause" in params and step.code != "head.currency":
        params["clause"] = gettext(" (clause %(number)s)") % {"number": params["clause"]} if params["clause"] else ""
    return str(STEPS[step.code]) % {name: in_words(value) for name, value in params.items()}


def _limits(lower: Decimal | None, upper: Decimal | None) -> str:
    """Return limits as they stand on a drawing: ≥ 95.5, ≤ 10.02, 9.98 … 10.02."""
    if lower is None or upper is None:
        return f"≤ {in_words(upper)}" if lower is None else f"≥ {in_words(lower)}"
    return f"{in_words(lower)} … {in_words(upper)}"


def say_problem(problem: Problem) -> str:
    """Return what is wrong with a fact as a sentence in the active language, with the fact's name and the mend."""
    params = dict(problem.params)
    if "other" in params and problem.code in {"said_twice", "before"}:
        params["other"] = str(fact(params["other"]))
    words = PROBLEMS.get(problem.code) or TERM_PROBLEMS[problem.code]
    return str(words) % (params | {"field": _place(problem.field)})


def fact(name: str) -> Words:
    """Return the name of a fact as people read it."""
    return FACTS.get(name) or LABELS.get(name, name)


def _place(path: str) -> str:
    """Return "Heads with their sums, row 2" for heads.1, the bare name for a fact that is no list."""
    name, *rest = path.split(".")
    if not rest:
        return str(fact(name)) if name else gettext("Facts")
    if not rest[0].isdecimal():
        return str(fact(rest[-1]))
    return gettext("%(field)s, row %(row)s") % {"field": fact(name), "row": int(rest[0]) + 1}


def in_words(value: Any) -> str:
    """Return a parameter in words: sums with their currency, choices by name, periods with their unit."""
    match value:
        case "":
            return ""
        case Money() | Fraction():
            return str(value)
        case (int(), Unit()):
            number, unit = value
            return str(PERIODS[unit.lower()] % {"n": number})
        case tuple() | list():
            return gettext(", ").join(in_words(item) for item in value)
        case StrEnum() | str():
            return choice(value)
        case None | Decimal() | date() | bool() | int():
            return value_in_words(value)
    return str(value)


def choice(value: str) -> str:
    """Return a code in words; other text as it is."""
    tables = (CHOICES, TERM_CHOICES, VERDICTS, KINDS)
    return str(next((words[value] for words in tables if value in words), value))
