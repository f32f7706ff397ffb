"""
Cases like one: of the same lot, product or kind of goods, and told in the same words, in either language.

The terms of each case stand in one table (CaseTerm), so that both databases find them by one index. A term weighs the
more the fewer cases have it, as is usual in text search (inverse document frequency). Periodic work keeps the terms of
new cases within seconds, so that logging one does not wait for it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction
from django.db.models import Count, Exists, OuterRef, Q

from complaints import wording
from complaints.models import CaseTerm, Complaint
from complaints.models.states import State

if TYPE_CHECKING:
    from accounts.models import User

NOTHING = "-"  # the term of a case that says nothing
WINDOW = 5000  # newest cases looked at for such as have no terms yet: numbers are not committed in order
LOOKED_AT = 120  # terms of which the number of cases is asked
ROWS = 8000  # terms of other cases read at most: the rarest first
NEAR = 200  # cases of the same goods looked at, the newest first
ENOUGH = 0.12  # of the weight of one's own words: less is chance
logger = logging.getLogger(__name__)

LOT, SERIAL, PRODUCT, FAMILY, CUSTOMER = "lot", "serial", "product", "family", "customer"
WEIGHT = {LOT: 0.6, SERIAL: 0.6, PRODUCT: 0.3, FAMILY: 0.15, CUSTOMER: 0.05}  # beside words, which weigh up to 1
TELLING = 10  # of the shared terms, the rarest, say why
SHOWN_WORDS = 6


@dataclass(frozen=True)
class Alike:
    """One case like another. score: comparable within one answer only; goods: what both have; words: what both say."""

    case: Complaint
    score: float
    goods: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()


@dataclass
class _Hit:
    weight: float = 0.0
    terms: list[str] = field(default_factory=list)  # the rarest first, in the end


def keep(complaint: Complaint, *more: str) -> None:
    """Keep the terms of what was said about a case; what stands there already stays."""
    found = wording.terms(complaint.title, complaint.description, *more) or [NOTHING]
    CaseTerm.objects.bulk_create((CaseTerm(complaint=complaint, term=term) for term in found), ignore_conflicts=True)


def keep_owed(*, all_of_them: bool = False) -> int:
    """
    Keep the terms of new cases, or of all that lack them; return of how many. May run twice, late, or at the same time
    elsewhere. One that fails is logged and left for the next run.
    """
    newest = Complaint.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    known = CaseTerm.objects.filter(complaint=OuterRef("pk"))
    owed = Complaint.objects.received().filter(~Exists(known), pk__gt=0 if all_of_them else newest - WINDOW)
    kept = 0
    for complaint in owed.only("title", "description", "state").order_by("-pk").iterator(chunk_size=500):
        try:
            with transaction.atomic():
                keep(complaint)
            kept += 1
        except DatabaseError:
            logger.exception("The terms of case %s could not be kept.", complaint.pk)
    return kept


def alike(complaint: Complaint, user: User, *, limit: int = 10) -> list[Alike]:
    """Return the cases that `user` may see and that are most like this one, the closest first; unsaved ones too."""
    texts = _texts(complaint)
    terms = wording.terms(*texts)[:LOOKED_AT]
    hits = _best(_by_words(terms, complaint.pk), len(terms))
    near = Complaint.objects.visible_to(user).exclude(pk=complaint.pk).exclude(state=State.DRAFT)
    near = near.select_related("product", "lot", "customer")
    cases = {row.pk: row for row in near.filter(pk__in=hits)}
    if same := _same_goods(complaint):
        cases |= {row.pk: row for row in near.filter(same).order_by("-received_at", "-pk")[:NEAR]}
    found = [_alike(row, complaint, hits.get(row.pk, _Hit()), texts) for row in cases.values()]
    found = [one for one in found if {*one.goods} - {CUSTOMER} or one.score >= ENOUGH]
    return sorted(found, key=lambda one: (-one.score, -one.case.pk))[:limit]


def _texts(complaint: Complaint) -> list[str]:
    texts = [complaint.title, complaint.description]
    if complaint.pk:
        rows = complaint.defect_statements.order_by("-cycle").values_list("sentence", "conditions")[:1]
        texts += [text for row in rows for text in row]
    return [text for text in texts if text]


def _by_words(terms: Sequence[str], but: int | None) -> dict[int, _Hit]:
    """Return by case which terms it shares, and what share of the weight of all of them that is, 0 to 1."""
    counts = _counts(terms)
    if not counts:
        return {}
    whole = max(max(counts.values()), Complaint.objects.order_by("-pk").values_list("pk", flat=True).first() or 1)
    weights = {term: log(1 + whole / (1 + counts.get(term, 0))) for term in terms}
    total = sum(weights.values())
    rows = CaseTerm.objects.filter(term__in=_rarest(counts)).exclude(complaint=but)
    hits: defaultdict[int, _Hit] = defaultdict(_Hit)
    for case, term in rows.values_list("complaint_id", "term"):
        hits[case].weight += weights[term] / total
        hits[case].terms.append(term)
    for hit in hits.values():
        hit.terms.sort(key=lambda term: (-weights[term], term))
    return hits


def _best(hits: dict[int, _Hit], length: int) -> dict[int, _Hit]:
    """
    Return the NEAR best, weighed by the length of what was said: a long story shares some words with everything.

    On the public complaints of the shared data this finds one of the same component among the first three in 46 of 100
    cases, without it in 38, by chance in 18.
    """
    best = sorted(hits, key=lambda pk: (-hits[pk].weight, -pk))[:NEAR]
    rows = CaseTerm.objects.filter(complaint__in=best).values_list("complaint").annotate(n=Count("pk")).order_by()
    for case, terms in rows:
        hits[case].weight *= min(1, sqrt(length / terms))
    return {pk: hits[pk] for pk in best}


def _counts(terms: Sequence[str]) -> dict[str, int]:
    rows = CaseTerm.objects.filter(term__in=terms).values_list("term").annotate(n=Count("pk")).order_by()
    return dict(rows)


def _rarest(counts: dict[str, int]) -> list[str]:
    """Return the rarest terms, as many as have ROWS rows together."""
    chosen: list[str] = []
    rows = 0
    for term in sorted(counts, key=lambda term: (counts[term], term)):
        rows += counts[term]
        if rows > ROWS and chosen:
            break
        chosen.append(term)
    return chosen


def _same_goods(complaint: Complaint) -> Q | None:
    """Return the condition of the same lot, unit, product or kind of goods; None while none is named."""
    same = Q(lot=complaint.lot_id) if complaint.lot_id else Q(pk__in=[])
    if complaint.serial:
        same |= Q(serial=complaint.serial)
    if complaint.product_id:
        same |= Q(product=complaint.product_id)
        if complaint.product and complaint.product.family:
            same |= Q(product__family=complaint.product.family)
    return same if complaint.lot_id or complaint.serial or complaint.product_id else None


def _alike(row: Complaint, complaint: Complaint, hit: _Hit, texts: Sequence[str]) -> Alike:
    goods = tuple(_goods(row, complaint))
    words = wording.joined(hit.terms[:TELLING], "\n".join(texts))[:SHOWN_WORDS]
    # a product is of its family, a lot of its product: the closest counts
    closeness = max((WEIGHT[name] for name in goods), default=0.0)
    score = hit.weight + closeness
    if row.customer_id == complaint.customer_id:
        goods, score = (*goods, CUSTOMER), score + WEIGHT[CUSTOMER]
    return Alike(row, score, goods, tuple(words), tuple(wording.concepts(hit.terms)))


def _goods(row: Complaint, complaint: Complaint) -> list[str]:
    """Return what is the same of the goods, the closest first."""
    found = [LOT] if complaint.lot_id and row.lot_id == complaint.lot_id else []
    found += [SERIAL] if complaint.serial and row.serial == complaint.serial else []
    if complaint.product_id and row.product_id == complaint.product_id:
        return [*found, PRODUCT]
    if complaint.product and row.product and complaint.product.family == row.product.family != "":
        found.append(FAMILY)
    return found
