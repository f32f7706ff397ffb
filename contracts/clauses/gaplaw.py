"""The rules of law that fill the gaps of a contract, by gap and by law, as lawyers cite them. PURE. DOMAIN §6.2."""

from enum import auto

from contracts.clauses.choices import Upper


class RuleSet(Upper):
    """A body of rules; OTHER is a law that is not known here, ANY holds whatever the law is."""

    PRC = auto()
    CISG = auto()
    UCC = auto()
    GERMAN = auto()
    SWISS = auto()
    ENGLISH = auto()
    OTHER = auto()
    ANY = auto()


P, C, U, A = RuleSet.PRC, RuleSet.CISG, RuleSet.UCC, RuleSet.ANY
LAW: dict[str, dict[RuleSet, str]] = {
    "missing.GOVERNING_LAW": {A: "CISG 1, 6"},
    "missing.QUALITY_STANDARD": {P: "CC 510, 511(1), 615, 616", C: "CISG 35(2)", U: "UCC 2-314, 2-315"},
    "missing.INSPECTION_NOTICE": {P: "CC 621(2), 623; SPC Sales 12", C: "CISG 38, 39", U: "UCC 2-607(3)(a)"},
    "missing.GUARANTEE_PERIOD": {P: "CC 621(2)", C: "CISG 36, 39(2)", U: "UCC 2-725"},
    "missing.LIABILITY_CAP": {P: "CC 584", C: "CISG 74", U: "UCC 2-715, 2-719"},
    "missing.PAYMENT": {P: "CC 628", C: "CISG 58", U: "UCC 2-310"},
    "missing.DISPUTE": {A: ""},
    "missing.ACCEPTANCE": {P: "CC 620, 623", C: "CISG 38", U: "UCC 2-606"},
    "missing.REMEDY_ORDER": {P: "CC 582", C: "CISG 46, 48, 49, 50", U: "UCC 2-508, 2-714"},
    "missing.LD_DELAY": {P: "CC 583, 584", C: "CISG 74", U: "UCC 2-715"},
    "missing.FORCE_MAJEURE": {P: "CC 180, 590", C: "CISG 79", U: "UCC 2-615"},
    "missing.TERMINATION": {P: "CC 563–566", C: "CISG 49, 64", U: "UCC 2-608, 2-711"},
    "missing.DAMAGES": {P: "CC 583, 584", C: "CISG 74", U: "UCC 2-714, 2-715"},
    "missing.PRICE_REDUCTION": {P: "CC 582; SPC Sales 17", C: "CISG 50", U: "UCC 2-714(2), 2-717"},
    "missing.RETENTION": {P: "CC 628, 568", C: "CISG 58", U: "UCC 2-717"},
    "missing.LIMITATION_OF_ACTION": {P: "CC 188, 594", U: "UCC 2-725"},
    "missing.PREVENTION": {A: ""},
    "law.cisg_open": {A: "CISG 1, 6"},
    "law.foreign": {A: ""},
    "language.none": {P: "CC 466(2)"},
    "notice.hidden": {P: "CC 621(2), 622(1)", C: "CISG 38, 39", U: "UCC 2-607(3)(a)"},
    "notice.hidden_by_guarantee": {P: "CC 621(2)", C: "CISG 39(2)"},
    "notice.too_short": {P: "CC 622(1)"},
    "guarantee.no_acceptance": {P: "CC 510, 623"},
    "guarantee.may_not_begin": {P: "CC 510"},
    "guarantee.endless": {A: ""},
    "acceptance.silence": {P: "CC 621(1), 510"},
    "remedy.no_days": {P: "CC 510, 511(4)", C: "CISG 47, 48"},
    "termination.no_cure": {P: "CC 563(1)(3)", C: "CISG 47, 49"},
    "ld.no_cap": {P: "CC 585(2); SPC General Part 65"},
    "ld.sole_remedy": {P: "CC 497, 506, 585", U: "UCC 2-719(2)"},
    "earnest.or_damages": {P: "CC 588(1)"},
    "earnest.too_high": {P: "CC 586(2)"},
    "cap.carve_outs": {P: "CC 506"},
    "exclusion.injury": {P: "CC 506(1)", U: "UCC 2-719(3)"},
    "exclusion.form": {P: "CC 497"},
    "exclusion.not_shown": {P: "CC 496(2)"},
    "heads.contradict": {P: "CC 142, 466(1), 498", C: "CISG 8"},
    "payment.no_interest": {P: "SPC Sales 18(4); SME 17", C: "CISG 78"},
    "retention.no_guarantee": {P: "CC 510, 628"},
    "retention.other_sum": {P: "CC 142, 466(1)", C: "CISG 8"},
    "price.missing": {P: "CC 510, 511(2)", C: "CISG 55", U: "UCC 2-305"},
    "price.vat": {A: ""},
    "sum.other_currency": {A: ""},
    "units.differ": {A: ""},
    "force_majeure.no_end": {P: "CC 563(1)(1)", C: "CISG 79(3)"},
    "limitation.agreed": {P: "CC 197"},
    "limitation.years": {P: "CC 188, 197, 594"},
    "clauses.doubled": {A: ""},
    "clauses.contradict": {P: "CC 142, 466(1), 498", C: "CISG 8"},
    "clauses.unstructured": {A: ""},
    "clauses.unchecked": {A: ""},
}
