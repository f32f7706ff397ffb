"""The words of the gap check: what is missing, what the law says, what to agree. The edge of `clauses.gapcheck`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts.amounts import Money
from contracts.clauses.gapcheck import Gap, Severity, Side
from contracts.clauses.gaplaw import RuleSet
from contracts.law_words import cited
from contracts.models import ClauseType
from contracts.words import CHOICES, Words, value_in_words

SEVERITIES: dict[str, tuple[Words, str]] = {
    Severity.SERIOUS: (pgettext_lazy("gap", "Serious"), "danger"),
    Severity.NOTABLE: (pgettext_lazy("gap", "Notable"), "warn"),
    Severity.MINOR: (pgettext_lazy("gap", "Minor"), ""),
}
SIDES: dict[str, Words] = {
    Side.SELLER: pgettext_lazy("gap", "weighs on the seller"),
    Side.BUYER: pgettext_lazy("gap", "weighs on the buyer"),
    Side.BOTH: pgettext_lazy("gap", "weighs on both sides"),
}
LAWS: dict[str, Words] = {
    RuleSet.PRC: pgettext_lazy("law", "Chinese law"),
    RuleSet.CISG: pgettext_lazy("law", "UN Sales Convention (CISG)"),
    RuleSet.UCC: pgettext_lazy("law", "New York, Uniform Commercial Code"),
    RuleSet.OTHER: pgettext_lazy("law", "Law of the contract"),
    RuleSet.ANY: pgettext_lazy("law", "Whatever the law"),
}
NOT_READ = _("Its rules are not read here. Legal must judge it.")

TITLES: dict[str, Words] = {
    "missing.GOVERNING_LAW": _("No governing law is agreed"),
    "missing.QUALITY_STANDARD": _("No quality is agreed that could be measured"),
    "missing.INSPECTION_NOTICE": _("No inspection period and no period for notice of defects"),
    "missing.GUARANTEE_PERIOD": _("No guarantee period"),
    "missing.LIABILITY_CAP": _("No limit of liability"),
    "missing.PAYMENT": _("No plan of payment"),
    "missing.DISPUTE": _("No dispute clause"),
    "missing.ACCEPTANCE": _("No procedure of acceptance"),
    "missing.REMEDY_ORDER": _("No order of remedies"),
    "missing.LD_DELAY": _("No agreed damages for delay"),
    "missing.FORCE_MAJEURE": _("No force majeure clause"),
    "missing.TERMINATION": _("No clause on termination"),
    "missing.DAMAGES": _("No clause on damages"),
    "missing.PRICE_REDUCTION": _("No method of price reduction"),
    "missing.RETENTION": _("No retention money"),
    "missing.LIMITATION_OF_ACTION": _("Limitation of action is not mentioned"),
    "missing.PREVENTION": _("No duties to prevent defects"),
    "law.cisg_open": _("The UN Sales Convention is not mentioned"),
    "law.foreign": _("The law of the contract is not read here: %(law)s"),
    "language.none": _("No governing language"),
    "notice.hidden": _("No notice period for hidden defects"),
    "notice.hidden_by_guarantee": _("Hidden defects have the guarantee period only"),
    "notice.too_short": _("The inspection period is marked as too short for a full inspection"),
    "guarantee.no_acceptance": _("The guarantee runs from an acceptance that no clause regulates"),
    "guarantee.may_not_begin": _("The guarantee may never begin or end: it waits for %(starts)s"),
    "guarantee.endless": _("The guarantee of replaced parts has no end"),
    "acceptance.silence": _("The buyer’s silence accepts nothing"),
    "remedy.no_days": _("No days for a repair attempt"),
    "termination.no_cure": _("Termination after a failed cure, but no days to cure"),
    "ld.no_cap": _("Agreed damages without a limit"),
    "ld.sole_remedy": _("Agreed damages are the sole remedy"),
    "earnest.or_damages": _("Earnest money and agreed damages stand side by side"),
    "earnest.too_high": _("Earnest money of %(amount)s is more than 20 %% of the price"),
    "cap.carve_outs": _("The limit also covers what cannot be limited: %(heads)s"),
    "exclusion.injury": _("Liability for personal injury is excluded"),
    "exclusion.form": _("An exclusion in a form clause"),
    "exclusion.not_shown": _("An exclusion in a form clause that was not pointed out"),
    "heads.contradict": _("Covered by one clause, excluded by another: %(heads)s"),
    "payment.no_interest": _("No interest for late payment"),
    "retention.no_guarantee": _("Retention until the end of a guarantee that is not agreed"),
    "retention.other_sum": _("Retention of %(held)s %%, but %(paid)s %% fall due at the end of the guarantee"),
    "price.missing": _("A percentage of the contract price, but the contract has no price"),
    "price.vat": _("A percentage with or without VAT, but the VAT in the price is not entered"),
    "sum.other_currency": _("A sum in %(other)s in a contract in %(own)s"),
    "units.differ": _("%(characteristic)s in %(given)s and in %(wanted)s, which do not convert"),
    "force_majeure.no_end": _("Force majeure without an end"),
    "limitation.agreed": _("A limitation of %(n)s years by agreement"),
    "limitation.years": _("A limitation of %(n)s years where the law has %(law)s"),
    "clauses.doubled": _("Said twice: %(type)s"),
    "clauses.contradict": _("Two clauses that differ: %(type)s"),
    "clauses.unstructured": _("Clauses of which only the text is entered"),
    "clauses.unchecked": _("Clauses that Legal has not checked"),
}
P, C, U, A = RuleSet.PRC, RuleSet.CISG, RuleSet.UCC, RuleSet.ANY
FULL_LOSS = _("The whole loss that was foreseeable at signing is owed, lost profit included; the buyer proves it.")
CONSTRUED = _(
    "The true meaning is found from words, context, nature and purpose of the contract; what a form clause leaves in "
    "doubt goes against the side that supplied it."
)
BY_INTENT = _("Statements are read by the intent of the parties, else as a reasonable person would read them.")
MERCHANTABLE = _("The goods must be fit for their usual purpose, and for a special one that the seller knew of.")
PROMPTLY = _("The buyer examines as soon as practicable and gives notice within a reasonable time, at most two years.")
FILLS: dict[tuple[str, str], Words] = {
    ("missing.GOVERNING_LAW", A): _(
        "The court’s rules on conflict of laws decide: Chinese law between two firms in China; between firms in two "
        "contracting states the UN Sales Convention may apply by itself."
    ),
    ("missing.QUALITY_STANDARD", P): _(
        "What the seller’s own quality statements promise; else the mandatory national, the recommended national, the "
        "industry standard in this order; else the usual quality or that which fits the purpose."
    ),
    ("missing.QUALITY_STANDARD", C): MERCHANTABLE,
    ("missing.QUALITY_STANDARD", U): MERCHANTABLE,
    ("missing.INSPECTION_NOTICE", P): _(
        "The buyer gives notice within a reasonable time of discovery, at the latest two years from receipt unless a "
        "guarantee period is agreed. A signed delivery note presumes that quantity and appearance were checked."
    ),
    ("missing.INSPECTION_NOTICE", C): PROMPTLY,
    ("missing.INSPECTION_NOTICE", U): _(
        "The buyer gives notice within a reasonable time after it found the defect or should have, or is barred."
    ),
    ("missing.GUARANTEE_PERIOD", P): _(
        "No guarantee: notice is possible for two years from receipt at most, and the buyer proves that the defect was "
        "there at delivery."
    ),
    ("missing.GUARANTEE_PERIOD", C): _(
        "The seller answers for what was wrong when the risk passed; notice is possible for two years at most."
    ),
    ("missing.GUARANTEE_PERIOD", U): _("Implied warranties only; actions are possible for four years from delivery."),
    ("missing.LIABILITY_CAP", P): FULL_LOSS,
    ("missing.LIABILITY_CAP", C): FULL_LOSS,
    ("missing.LIABILITY_CAP", U): _("Consequential loss is owed in full; a limit must be agreed to count."),
    ("missing.PAYMENT", P): _("The whole price is due when the goods, or the documents for them, are received."),
    ("missing.PAYMENT", C): _("The whole price is due when goods or documents are at the buyer’s disposal."),
    ("missing.PAYMENT", U): _("The whole price is due when and where the buyer receives the goods."),
    ("missing.DISPUTE", A): _(
        "The courts that the law of procedure names decide. No tribunal is competent without an agreement in writing."
    ),
    ("missing.ACCEPTANCE", P): _(
        "The buyer inspects in time; a signed delivery note presumes that quantity and appearance were checked. "
        "Nothing says when the goods count as accepted."
    ),
    ("missing.ACCEPTANCE", C): _(
        "The buyer examines the goods as soon as practicable; there is no acceptance as such."
    ),
    ("missing.ACCEPTANCE", U): _("Goods are accepted by word, by use as an owner, or by silence after inspection."),
    ("missing.REMEDY_ORDER", P): _(
        "The buyer may choose reasonably among repair, remake, replacement, return and price reduction."
    ),
    ("missing.REMEDY_ORDER", C): _(
        "Repair unless unreasonable; substitute goods and avoidance only for a fundamental breach; the seller may cure."
    ),
    ("missing.REMEDY_ORDER", U): _("The seller may cure in time; else the buyer may refuse or claim the lower value."),
    ("missing.LD_DELAY", P): _("Only loss that the buyer proves and that was foreseeable is owed for delay."),
    ("missing.LD_DELAY", C): _("Only loss that the buyer proves and that was foreseeable is owed for delay."),
    ("missing.LD_DELAY", U): _("Only loss that the buyer proves and that was foreseeable is owed for delay."),
    ("missing.FORCE_MAJEURE", P): _(
        "What could not be foreseen, avoided or overcome excuses as far as it had effect, with prompt notice and proof "
        "in reasonable time; not after own delay."
    ),
    ("missing.FORCE_MAJEURE", C): _("An impediment beyond control excuses from damages while it lasts, with notice."),
    ("missing.FORCE_MAJEURE", U): _("Delay excuses where performance has become impracticable, with notice."),
    ("missing.TERMINATION", P): _(
        "Termination where the purpose is defeated or a reasonable time to cure has passed, by notice, within one year."
    ),
    ("missing.TERMINATION", C): _("Avoidance for a fundamental breach, or non-delivery within an additional period."),
    ("missing.TERMINATION", U): _("The buyer may cancel after a rightful refusal or a justified revocation."),
    ("missing.DAMAGES", P): FULL_LOSS,
    ("missing.DAMAGES", C): FULL_LOSS,
    ("missing.DAMAGES", U): FULL_LOSS,
    ("missing.PRICE_REDUCTION", P): _("The price falls by the difference of the market values at delivery."),
    ("missing.PRICE_REDUCTION", C): _("The price falls in the proportion of the values at delivery."),
    ("missing.PRICE_REDUCTION", U): _("The buyer may deduct the difference of values from the price, after notice."),
    ("missing.RETENTION", P): _(
        "The price is due in full; the buyer can only set off, or hold back because of a breach that is there."
    ),
    ("missing.RETENTION", C): _("The price is due in full once the buyer could examine the goods."),
    ("missing.RETENTION", U): _("The buyer may deduct damages from the price still due, after notice."),
    ("missing.LIMITATION_OF_ACTION", P): _(
        "Three years from knowledge, four for an international sale; the law fixes this, agreements do not."
    ),
    ("missing.LIMITATION_OF_ACTION", U): _("Four years from delivery; an agreement may shorten it to one year."),
    ("missing.PREVENTION", A): _(
        "No law fills this: audits, first articles and notice of changes are owed only if agreed."
    ),
    ("law.cisg_open", A): _(
        "Between firms in two contracting states it applies by itself and displaces the sales law of the state."
    ),
    ("law.foreign", A): _("The rules that fill gaps are read here for Chinese law, the CISG and the UCC only."),
    ("language.none", P): _(
        "Texts in two languages are presumed to mean the same; where they differ, purpose and good faith decide."
    ),
    ("notice.hidden", P): _(
        "For hidden defects the buyer has a reasonable time from discovery, at the latest two years from receipt."
    ),
    ("notice.hidden", C): PROMPTLY,
    ("notice.hidden", U): _(
        "The buyer gives notice within a reasonable time after it found the defect or should have, or is barred."
    ),
    ("notice.hidden_by_guarantee", P): _("The guarantee period takes the place of the two years."),
    ("notice.hidden_by_guarantee", C): _("The guarantee period takes the place of the two years."),
    ("notice.too_short", P): _(
        "It binds for appearance only; for hidden defects the buyer has a reasonable time within two years."
    ),
    ("guarantee.no_acceptance", P): _(
        "Its beginning has to be found by interpretation; a signed delivery note shows only quantity and appearance."
    ),
    ("guarantee.may_not_begin", P): _("Its beginning has to be found from the contract and from usage."),
    ("guarantee.endless", A): _("Each replacement begins a new period; no law ends the chain."),
    ("acceptance.silence", P): _(
        "Only the notice period ends the buyer’s right to complain; payments that wait for acceptance stay open."
    ),
    ("remedy.no_days", P): _("The seller may perform within a reasonable time that the buyer sets."),
    ("remedy.no_days", C): _("The buyer may set an additional period of reasonable length."),
    ("termination.no_cure", P): _("A reasonable time after the demand must pass."),
    ("termination.no_cure", C): _("An additional period of reasonable length must pass."),
    ("ld.no_cap", P): _(
        "A court or tribunal lowers them on request where they exceed the loss excessively, mostly above 130 % of it."
    ),
    ("ld.sole_remedy", P): _(
        "Nothing above them can be claimed for the same breach, except for injury, intent and gross negligence."
    ),
    ("ld.sole_remedy", U): _("A sole remedy that fails of its essential purpose no longer excludes the others."),
    ("earnest.or_damages", P): _("The other side chooses one of the two, not both."),
    ("earnest.too_high", P): _("It works as earnest money up to %(most)s; the rest is a prepayment."),
    ("cap.carve_outs", P): _("The limit is void for injury, intent and gross negligence."),
    ("exclusion.injury", P): _("The exclusion is void so far."),
    ("exclusion.injury", U): _("For consumer goods the exclusion is prima facie unconscionable."),
    ("exclusion.form", P): _(
        "It is void where it frees its supplier unreasonably or takes the other side’s main right."
    ),
    ("exclusion.not_shown", P): _("The other side may say that it has not become part of the contract."),
    ("heads.contradict", P): CONSTRUED,
    ("heads.contradict", C): BY_INTENT,
    ("payment.no_interest", P): _(
        "The loan prime rate with 30–50 % on top; 0.05 % a day where a large firm pays a small one late."
    ),
    ("payment.no_interest", C): _("Interest is owed; the convention leaves its rate open."),
    ("retention.no_guarantee", P): _("The money is due with the price; its end has to be found by interpretation."),
    ("retention.other_sum", P): CONSTRUED,
    ("retention.other_sum", C): BY_INTENT,
    ("price.missing", P): _("The market price at the place of performance when the contract was made counts."),
    ("price.missing", C): _("The price generally charged at the time of signing counts."),
    ("price.missing", U): _("A reasonable price at the time of delivery counts."),
    ("price.vat", A): _("The sum differs by the whole VAT. It is not computed before somebody has entered it."),
    ("sum.other_currency", A): _("Sums in two currencies are not compared: a rate and its day must be agreed."),
    ("units.differ", A): _("A measured value fits only one of the two clauses; the other is not computed."),
    ("force_majeure.no_end", P): _("Either side may terminate only once the purpose can no longer be reached."),
    ("force_majeure.no_end", C): _("The excuse lasts as long as the impediment; avoidance stays possible."),
    ("limitation.agreed", P): _("The law fixes limitation; an agreement on it is void."),
    ("limitation.years", P): _("The law fixes limitation; an agreement on it is void."),
    ("clauses.doubled", A): _("Only one can be kept true when something changes."),
    ("clauses.contradict", P): CONSTRUED,
    ("clauses.contradict", C): BY_INTENT,
    ("clauses.unstructured", A): _("Nothing is computed from a text alone."),
    ("clauses.unchecked", A): _("Nothing is computed from them before somebody of Legal has compared terms and text."),
}
AGREE: dict[str, Words] = {
    "missing.GOVERNING_LAW": _("Name the law, and whether the UN Sales Convention is in or out."),
    "missing.QUALITY_STANDARD": _("Agree characteristics with limits, method and how uncertainty counts."),
    "missing.INSPECTION_NOTICE": _(
        "Agree days from arrival for what can be seen, another period for hidden defects, form and address."
    ),
    "missing.GUARANTEE_PERIOD": _("Agree months from acceptance, with a latest end from delivery."),
    "missing.LIABILITY_CAP": _("Agree a percentage of the price, with or without VAT, and what stands outside it."),
    "missing.PAYMENT": _("Agree instalments with trigger, document, days and late interest."),
    "missing.DISPUTE": _("Name a court, or an arbitration institution with seat and language, and the steps before."),
    "missing.ACCEPTANCE": _("Agree stages with days, who takes part, and what silence means."),
    "missing.REMEDY_ORDER": _(
        "Agree the order, attempts, days for each, and who bears transport, dismantling and travel."
    ),
    "missing.LD_DELAY": _("Agree rate, base with or without VAT, grace, counting and a limit."),
    "missing.FORCE_MAJEURE": _("Agree events, days for notice, proof, effect, and when it ends the contract."),
    "missing.TERMINATION": _("Agree grounds, days to cure and the form of the notice."),
    "missing.DAMAGES": _("Name the heads of loss that are covered."),
    "missing.PRICE_REDUCTION": _("Agree a method or a scale."),
    "missing.RETENTION": _("Agree a percentage, until when it is held, and when it may be deducted from."),
    "missing.LIMITATION_OF_ACTION": _(
        "Nothing has to be agreed; enter the period of the law so that days are warned of."
    ),
    "missing.PREVENTION": _("Agree notice of changes, first article and the right to audit."),
    "law.cisg_open": _("Say whether it applies."),
    "law.foreign": _("Let Legal name the rules of that law for each gap below."),
    "language.none": _("Name the language that governs."),
    "notice.hidden": _("Agree a period from discovery for hidden defects."),
    "notice.hidden_by_guarantee": _("Agree days from discovery within the guarantee."),
    "notice.too_short": _("Agree a longer period, or a second one for hidden defects."),
    "guarantee.no_acceptance": _("Agree a procedure of acceptance, or let the guarantee run from delivery."),
    "guarantee.may_not_begin": _("Add “or so many months from delivery, whichever ends first”."),
    "guarantee.endless": _("Agree a latest end in months from acceptance."),
    "acceptance.silence": _("Agree after how many days of silence the goods count as accepted."),
    "remedy.no_days": _("Agree days for each attempt."),
    "termination.no_cure": _("Agree the days."),
    "ld.no_cap": _("Agree a limit in per cent of a named base."),
    "ld.sole_remedy": _("Check that this is meant; else let loss above them be claimed."),
    "earnest.or_damages": _("Say which of the two is meant to apply."),
    "earnest.too_high": _("Lower it, or call the rest a prepayment."),
    "cap.carve_outs": _("Name them as standing outside the limit."),
    "exclusion.injury": _("Take personal injury out."),
    "exclusion.form": _("Keep proof that it was pointed out and explained."),
    "exclusion.not_shown": _("Point it out in print and have it initialled, or negotiate it."),
    "heads.contradict": _("Take each head out of one of the clauses."),
    "payment.no_interest": _("Agree a rate a day or a year."),
    "retention.no_guarantee": _("Agree the guarantee period, or another day of release."),
    "retention.other_sum": _("Bring both percentages into line."),
    "price.missing": _("Enter the price of the contract."),
    "price.vat": _("Enter whether the price includes VAT, and its rate."),
    "sum.other_currency": _("Agree one currency, or a rate and the day that it is taken from."),
    "units.differ": _("Give both clauses a unit of the same kind."),
    "force_majeure.no_end": _("Agree after how many days either side may terminate."),
    "limitation.agreed": _("Rely on the law and enter its period."),
    "limitation.years": _("Enter the period of the law."),
    "clauses.doubled": _("Keep one of them."),
    "clauses.contradict": _("Change one of them by an amendment, or say which one prevails."),
    "clauses.unstructured": _("Enter their terms on the form of their type."),
    "clauses.unchecked": _("Ask somebody of Legal who did not enter them."),
}


@dataclass(frozen=True)
class SaidGap:
    """A gap in words: `fills` holds (law, sentence, citation); `tone` colours the word of its severity."""

    title: str
    severity: str
    tone: str
    side: str
    clauses: tuple[str, ...]
    fills: list[tuple[str, str, str]]
    agree: str


def say(gap: Gap) -> SaidGap:
    """Return the gap in words of the active language."""
    params = {name: _in_words(value) for name, value in gap.params.items()}
    if gap.code.startswith("clauses.") and "type" in params:
        params["type"] = str(ClauseType(gap.params["type"]).label)
    word, tone = SEVERITIES[gap.severity]
    fills = [(_law(gap, rule.law), _filled(gap, rule.law, params), cited(rule.cited)) for rule in gap.rules]
    title = str(TITLES[gap.code]) % params
    return SaidGap(title, str(word), tone, str(SIDES[gap.weighs_on]), gap.clauses, fills, str(AGREE[gap.code]))


def _filled(gap: Gap, law: RuleSet, params: dict[str, str]) -> str:
    words = str(FILLS.get((gap.code, law), NOT_READ))
    return words % params if "%(" in words else words


def _law(gap: Gap, law: RuleSet) -> str:
    """Return whose rule it is; Chinese law only as an if, while no law is agreed."""
    if law == RuleSet.ANY:
        return ""
    name = str(LAWS[law])
    return name if gap.law_known else gettext("If %(law)s governs") % {"law": name}


def _in_words(value: Any) -> str:
    match value:
        case tuple():
            return gettext(", ").join(_in_words(item) for item in value)
        case Money() | int():
            return str(value)
        case StrEnum():
            return str(CHOICES[value.value])
        case str():
            return value
    return value_in_words(value)
