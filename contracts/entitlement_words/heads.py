"""The words of the money: each head with its cap, the total, and what stands beside it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from contracts.words import Words

STEPS: dict[str, Words] = {
    "delay.on_time": _("Performed on %(actual)s, due %(due)s: not late."),
    "delay.late": ngettext_lazy(
        "Late by %(n)s day (due %(due)s not counted, %(actual)s counted).",
        "Late by %(n)s days (due %(due)s not counted, %(actual)s counted).",
        "count",
    ),
    "delay.late.inclusive": ngettext_lazy(
        "Late by %(n)s day (due %(due)s counted by the clause, %(actual)s counted).",
        "Late by %(n)s days (due %(due)s counted by the clause, %(actual)s counted).",
        "count",
    ),
    "delay.given": ngettext_lazy(
        "%(n)s day late, as entered.",
        "%(n)s days late, as entered.",
        "count",
    ),
    "delay.fm.not_notified": _("Force majeure was not notified, so it excuses nothing here. Legal must judge it."),
    "delay.fm.too_late": _("Force majeure from %(first)s to %(last)s began after the due day %(due)s: no relief."),
    "delay.fm.excused": ngettext_lazy(
        "%(n)s of these days falls under force majeure and is not counted.",
        "%(n)s of these days fall under force majeure and are not counted.",
        "count",
    ),
    "delay.fm.extended": ngettext_lazy(
        "Force majeure of %(n)s day moves the due day to %(due)s.",
        "Force majeure of %(n)s days moves the due day to %(due)s.",
        "count",
    ),
    "delay.grace.DEDUCTIBLE": ngettext_lazy(
        "%(grace)s grace day is always free: %(late)s late, %(n)s counted.",
        "%(grace)s grace days are always free: %(late)s late, %(n)s counted.",
        "count",
    ),
    "delay.grace.THRESHOLD": ngettext_lazy(
        "%(grace)s grace day is free unless exceeded: %(late)s late, %(n)s counted.",
        "%(grace)s grace days are free unless exceeded: %(late)s late, %(n)s counted.",
        "count",
    ),
    "delay.weeks": ngettext_lazy(
        "Days counted: %(days)s; a part of a week %(part_week)s: %(weeks)s week.",
        "Days counted: %(days)s; a part of a week %(part_week)s: %(weeks)s weeks.",
        "count",
    ),
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
    "units.confirmed_count": ngettext_lazy(
        "%(claimed)s unit is claimed, %(confirmed)s confirmed: only confirmed units count.",
        "%(claimed)s units are claimed, %(confirmed)s confirmed: only confirmed units count.",
        "count",
    ),
    "units.product": ngettext_lazy(
        "%(n)s unit × %(each)s = %(raw)s.",
        "%(n)s units × %(each)s = %(raw)s.",
        "count",
    ),
    "perf.within": _(
        "Measured %(measured)s %(unit)s, guaranteed %(guaranteed)s with a tolerance of %(tolerance)s: within "
        "(edge %(edge)s)."
    ),
    "perf.short": _("Measured %(measured)s %(unit)s against %(start)s: short by %(short)s."),
    "perf.steps": _("In steps of %(step)s %(unit)s, where a part %(part_step)s: %(n)s × %(each)s = %(raw)s."),
    "perf.rejected": _(
        "Measured %(measured)s %(unit)s lies beyond the limit of rejection, %(limit)s: damages per step do not apply."
    ),
    "perf.remedies": _("Open instead: %(remedies)s. Legal must judge it."),
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
    "reduction.cure_refused": _("The buyer refused a proper cure: under the convention the price is not reduced."),
    "reduction.cure_review": _("The buyer refused a cure that was offered. Legal must judge it."),
    "reduction.MARKET_DIFFERENCE": _("Value as agreed %(conforming)s less value as delivered %(delivered)s: %(raw)s."),
    "reduction.PROPORTIONAL": _("%(price)s × (%(conforming)s − %(delivered)s) ÷ %(conforming)s = %(raw)s."),
    "reduction.SCALE": _("A deviation of %(deviation)s falls into the step of %(pct)s %%: %(raw)s."),
    "reduction.no_step": _("A deviation of %(deviation)s falls into no step of the scale."),
    "reduction.result": _("The price of %(price)s falls by %(reduction)s to %(reduced)s."),
    "self.not_in_time": _("The claim was not raised in time."),
    "self.seller_acted": _("The seller acted on the request, so the buyer need not have repaired elsewhere."),
    "self.too_early": _("Repaired on %(on)s, before the days of cure were over (%(last)s)."),
    "self.unreasonable": _("The cost is not reasonable as it stands. Legal must judge it."),
    "self.after_inaction": ngettext_lazy(
        "Asked on %(asked)s, the seller did not act within %(n)s day; repaired on %(on)s at a reasonable cost of "
        "%(cost)s.",
        "Asked on %(asked)s, the seller did not act within %(n)s days; repaired on %(on)s at a reasonable cost of "
        "%(cost)s.",
        "count",
    ),
    "self.urgent": _("It was urgent: repaired at a reasonable cost of %(cost)s."),
    "damages.loss": _("Proven loss: %(loss)s."),
    "damages.avoidable": _("Less what could have been avoided, %(avoidable)s: %(left)s."),
    "damages.shared": _("Less the buyer’s share of %(pct)s %%: %(left)s."),
    "damages.sole_remedy": _("Agreed damages of %(ld)s are the sole remedy: nothing beside them. Legal must judge it."),
    "damages.above_agreed": _(
        "Agreed damages of %(ld)s cover the same loss: only what exceeds them is added, %(extra)s. Legal must judge it."
    ),
    "damages.total": _("%(ld)s + %(extra)s = %(total)s."),
    "exclusion.kept": _("%(name)s, %(amount)s: not excluded."),
    "exclusion.out": _("%(name)s, %(amount)s: excluded by the clause."),
    "exclusion.void": _("%(name)s, %(amount)s: the exclusion is void here. Legal must judge it."),
    "exclusion.form_clause": _(
        "The exclusion is a form clause that was not shown to have been pointed out. Legal must judge it."
    ),
    "heads.sum": _("All heads together: %(sum)s."),
    "heads.cap": _("The limit for all is %(limit)s."),
    "heads.cap_pct": _("The limit for all is %(pct)s %% of %(base)s: %(limit)s."),
    "heads.paid": _("%(paid)s were paid under it before: %(left)s are left."),
    "heads.outside": _("Outside the limit: %(names)s, %(amount)s."),
    "heads.cap_void": _("With intent or gross negligence the limit does not hold. Legal must judge it."),
    "heads.cut": _("%(inside)s under the limit is cut to %(left)s."),
    "heads.uncut": _("%(inside)s under the limit stays (%(left)s are left)."),
    "retention.held": _("%(pct)s %% of %(price)s is held: %(held)s."),
    "retention.stays": _(
        "An issue raised in time is unsolved and impairs the use: all of it stays held. Legal must judge it."
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
        "No fundamental breach of the seller: the rule on earnest money gives nothing. What becomes of the "
        "payment is open. Legal must judge it."
    ),
    "fx.product": _("%(source)s × %(rate)s (%(on)s) = %(amount)s, rounded once."),
    "set_off.rest": _(
        "Price unpaid %(price)s, compensation %(owed)s: the buyer pays %(buyer_pays)s, the seller %(seller_pays)s."
    ),
    "interest.yearly": _("%(principal)s × %(rate)s %% × (1 + %(uplift)s %%) × %(n)s ÷ %(basis)s = %(interest)s."),
    "interest.daily": ngettext_lazy(
        "%(principal)s × %(daily)s %% × %(n)s day = %(interest)s.",
        "%(principal)s × %(daily)s %% × %(n)s days = %(interest)s.",
        "count",
    ),
    "not_used": _("Not used, for this rule does not know it: %(names)s."),
    "head.currency": _("The clause counts in %(clause)s, the case in %(case)s. Convert first; nothing is mixed."),
    "head.missing": _("Missing: %(names)s."),
    "head.judge": _("Legal must judge it."),
    "damages.by_law": _("No clause on damages: by the law the whole foreseeable loss is made good."),
    "damages.not_covered": _("Not covered by the clause on damages: %(names)s."),
    "head": _("%(kind)s: %(verdict)s%(clause)s."),
    "head.sum": _("%(kind)s: %(verdict)s, %(amount)s%(clause)s."),
    "part": _("%(kind)s%(clause)s."),
    "total": _("In all: %(amount)s."),
    "total.at_most": _("In all: %(amount)s for certain, %(at_most)s at most once the missing facts are known."),
    "total.open": _("In all: %(amount)s for certain; how much more it can be, only the missing facts can tell."),
    "total.uncapped": _("The common cap is not known yet and can still lower this."),
    "flip": _("Would turn a verdict: %(fact)s, %(to)s."),
    "flip.also": _("Would turn a verdict: %(fact)s, %(to)s; together with %(also)s."),
    "ruled": _("Ruled otherwise by people, dispute no. %(number)s: %(verdict)s."),
    "not_legal_advice": _("Computed for review, not legal advice."),
}
