"""
Which law a step of an assessment cites: that of the contract, never another by default. PURE.

The rules cite Chinese law. Under another law the same step cites the provision of that law which says the like; where
there is none, or the law is not known here, Legal must name it. Chinese law is read from its text, the CISG and the UCC
as DOMAIN §6.2 says; of German, Swiss and English law only the provisions are named.
"""

from collections.abc import Iterable
from dataclasses import replace

from contracts.clauses.case import InForce
from contracts.clauses.disputes import Cisg, GoverningLaw, LawOf
from contracts.clauses.gaplaw import RuleSet
from contracts.clauses.working import Step

ASK = "ask Legal"  # in place of a citation
IF_CHINESE = "if Chinese law applies: "  # before one, while no law is agreed
OWN = {
    LawOf.PRC: RuleSet.PRC,
    LawOf.NEW_YORK: RuleSet.UCC,
    LawOf.GERMANY: RuleSet.GERMAN,
    LawOf.SWITZERLAND: RuleSet.SWISS,
    LawOf.ENGLAND: RuleSet.ENGLISH,
}
COUNTED = {RuleSet.GERMAN: "BGB 187, 188, 193", RuleSet.SWISS: "OR 76–78", RuleSet.UCC: "NY GCL 20, 25"}
AGREED = {RuleSet.GERMAN: "BGB 339, 341", RuleSet.SWISS: "OR 160", RuleSet.UCC: "UCC 2-718(1)"}
ADJUSTED = {RuleSet.GERMAN: "BGB 343; HGB 348", RuleSet.SWISS: "OR 161(2), 163(3)", RuleSet.UCC: "UCC 2-718(1)"}
CONFORMITY = {
    RuleSet.CISG: "CISG 35", RuleSet.GERMAN: "BGB 434", RuleSet.SWISS: "OR 197", RuleSet.ENGLISH: "SGA 13, 14",
    RuleSet.UCC: "UCC 2-313, 2-314",
}  # fmt: skip
NOTICE = {
    RuleSet.CISG: "CISG 39(1)", RuleSet.GERMAN: "HGB 377", RuleSet.SWISS: "OR 201", RuleSet.ENGLISH: "SGA 35(4)",
    RuleSet.UCC: "UCC 2-607(3)(a)",
}  # fmt: skip
HIDDEN = {
    RuleSet.CISG: "CISG 38, 39", RuleSet.GERMAN: "HGB 377(3)", RuleSet.SWISS: "OR 201(3)",
    RuleSet.UCC: "UCC 2-607(3)(a)",
}  # fmt: skip
LOSS = {
    RuleSet.CISG: "CISG 74", RuleSet.GERMAN: "BGB 249, 252", RuleSet.SWISS: "OR 97, 208", RuleSet.ENGLISH: "SGA 53, 54",
    RuleSet.UCC: "UCC 2-714, 2-715",
}  # fmt: skip
EXCLUDED = {
    RuleSet.GERMAN: "BGB 276(3), 444", RuleSet.SWISS: "OR 100(1), 199", RuleSet.ENGLISH: "UCTA 6, 11, 26",
    RuleSet.UCC: "UCC 2-719(3)",
}  # fmt: skip
CAPPED = {
    RuleSet.GERMAN: "BGB 276(3)", RuleSet.SWISS: "OR 100(1)", RuleSet.ENGLISH: "UCTA 2, 11, 26",
    RuleSet.UCC: "UCC 2-719",
}  # fmt: skip
CUT = {
    RuleSet.CISG: "CISG 50", RuleSet.GERMAN: "BGB 441", RuleSet.SWISS: "OR 205(1)", RuleSet.ENGLISH: "SGA 53(1)(a)",
    RuleSet.UCC: "UCC 2-714(2)",
}  # fmt: skip
EXCUSED = {
    RuleSet.CISG: "CISG 79", RuleSet.GERMAN: "BGB 275, 286(4)", RuleSet.SWISS: "OR 97, 119", RuleSet.UCC: "UCC 2-615",
}  # fmt: skip
CAUSE = {
    RuleSet.CISG: "CISG 79(2), 80", RuleSet.GERMAN: "BGB 276, 278", RuleSet.SWISS: "OR 97, 101",
    RuleSet.ENGLISH: "SGA 53(2)", RuleSet.UCC: "UCC 2-714(1)",
}  # fmt: skip
SHARED = {RuleSet.GERMAN: "BGB 254", RuleSet.SWISS: "OR 44, 99(3)"}
LIMITED = {
    RuleSet.GERMAN: "BGB 195, 199, 438", RuleSet.SWISS: "OR 127, 210", RuleSet.ENGLISH: "Limitation Act 5",
    RuleSet.UCC: "UCC 2-725",
}  # fmt: skip
EARNEST = {RuleSet.GERMAN: "BGB 336–338", RuleSet.SWISS: "OR 158"}
LAWS: dict[str, dict[RuleSet, str]] = {  # of a step, or of all steps whose code begins so: the provisions by law
    "measured": CONFORMITY,
    "notice.period": COUNTED,
    "notice.guarantee": COUNTED,
    "notice.outer": {RuleSet.CISG: "CISG 39(2)"},
    "notice.reasonable": NOTICE,
    "notice.barred": NOTICE,
    "notice.seller_knew": {RuleSet.CISG: "CISG 40", RuleSet.GERMAN: "HGB 377(5)", RuleSet.SWISS: "OR 203"},
    "notice.too_short": {RuleSet.CISG: "CISG 38, 39"},
    "notice.apparent_only": HIDDEN,
    "notice.by_its_law": NOTICE,
    "notice.by_guarantee": {RuleSet.CISG: "CISG 39(2)"},
    "notice.by_two_years": {RuleSet.CISG: "CISG 39(2)"},
    "guarantee.period": COUNTED,
    "period": COUNTED,
    "limitation": LIMITED,
    "limitation.demand": {},
    "limitation.admission": {
        RuleSet.GERMAN: "BGB 212", RuleSet.SWISS: "OR 135", RuleSet.ENGLISH: "Limitation Act 29",
    },
    "delay.fm": EXCUSED,
    "delay.fm.not_notified": {RuleSet.CISG: "CISG 79(4)", RuleSet.UCC: "UCC 2-615(c)"},
    "ld": AGREED,
    "units": AGREED,
    "perf": AGREED,
    "perf.rejected": {
        RuleSet.CISG: "CISG 49", RuleSet.GERMAN: "BGB 437, 323", RuleSet.SWISS: "OR 205", RuleSet.ENGLISH: "SGA 11, 35",
        RuleSet.UCC: "UCC 2-601",
    },
    "fixed": AGREED,
    "adjust": ADJUSTED,
    "damages": LOSS,
    "damages.by_law": LOSS | {RuleSet.GERMAN: "BGB 280, 249, 252"},
    "damages.avoidable": SHARED | {RuleSet.CISG: "CISG 77", RuleSet.UCC: "UCC 2-715(2)(a)"},
    "damages.shared": SHARED | {RuleSet.CISG: "CISG 80"},
    "damages.above_agreed": {
        RuleSet.GERMAN: "BGB 340(2), 341(2)", RuleSet.SWISS: "OR 161(2)", RuleSet.UCC: "UCC 2-718(1)",
    },
    "damages.sole_remedy": {RuleSet.GERMAN: "BGB 276(3)", RuleSet.SWISS: "OR 100(1)", RuleSet.UCC: "UCC 2-719(2)"},
    "exclusion": EXCLUDED,
    "exclusion.form_clause": {
        RuleSet.GERMAN: "BGB 305, 307, 310", RuleSet.ENGLISH: "UCTA 3, 11, 26", RuleSet.UCC: "UCC 2-302",
    },
    "heads": CAPPED,
    "retention": {RuleSet.GERMAN: "BGB 320", RuleSet.SWISS: "OR 82", RuleSet.UCC: "UCC 2-717"},
    "earnest": EARNEST,
    "set_off": {
        RuleSet.GERMAN: "BGB 387", RuleSet.SWISS: "OR 120", RuleSet.ENGLISH: "SGA 53(1)(a)", RuleSet.UCC: "UCC 2-717",
    },
    "reduction": CUT,
    "order.clause": {
        RuleSet.CISG: "CISG 6", RuleSet.GERMAN: "BGB 437", RuleSet.SWISS: "OR 205, 206", RuleSet.ENGLISH: "SGA 55(1)",
        RuleSet.UCC: "UCC 2-719(1)",
    },
    "order.law": {
        RuleSet.GERMAN: "BGB 437, 439", RuleSet.SWISS: "OR 205, 206", RuleSet.ENGLISH: "SGA 11, 35, 53",
        RuleSet.UCC: "UCC 2-508, 2-601, 2-714",
    },
    "cause": CAUSE,
}  # fmt: skip


def rule_sets(clauses: Iterable[InForce]) -> tuple[RuleSet, ...]:
    """
    Return the laws that fill what the clauses leave open, that which counts first on top; none: no law is agreed.

    OTHER stands for a law that is not known here.
    """
    terms = next((each.terms for each in clauses if isinstance(each.terms, GoverningLaw)), None)
    if terms is None:
        return ()
    own = OWN.get(terms.law_of, RuleSet.OTHER)
    return (RuleSet.CISG, own) if terms.cisg == Cisg.CISG_APPLIES else (own,)


def has_two_years(sets: tuple[RuleSet, ...]) -> bool:
    """Tell whether notice is barred two years after receipt: by CC 621(2) or CISG 39(2), or as if, where none is."""
    return not sets or RuleSet.PRC in sets or RuleSet.CISG in sets


def cite(sets: tuple[RuleSet, ...], steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps with the citations of the contract's law."""
    if sets == (RuleSet.PRC,):
        return steps
    return tuple(_under(sets, one) if one.law else one for one in steps)


def _under(sets: tuple[RuleSet, ...], one: Step) -> Step:
    if not sets:
        return replace(one, law=IF_CHINESE + one.law)
    known = _of(one.code)
    laws = (known.get(each) or _own(each, one) for each in sets)
    return replace(one, law=next(filter(None, laws), ASK))


def _own(each: RuleSet, one: Step) -> str:
    """Return the citation of the rule itself, where it is of that law."""
    is_cisg = one.law.startswith("CISG")
    return one.law if (each == RuleSet.CISG and is_cisg) or (each == RuleSet.PRC and not is_cisg) else ""


def _of(code: str) -> dict[RuleSet, str]:
    """Return the provisions by law of a step: of its code, or of the longest beginning of it that has some."""
    while code and code not in LAWS:
        code = code.rpartition(".")[0]
    return LAWS.get(code, {})
