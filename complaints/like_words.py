"""Why a case is like another, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints import look_alikes, timeline
from complaints.look_alikes import Alike
from complaints.models import Complaint

if TYPE_CHECKING:
    from accounts.models import User

BESIDE = 5
GOODS = {
    look_alikes.LOT: gettext_lazy("same lot"),
    look_alikes.SERIAL: gettext_lazy("same unit"),
    look_alikes.PRODUCT: gettext_lazy("same product"),
    look_alikes.FAMILY: gettext_lazy("same kind of product"),
    look_alikes.CUSTOMER: gettext_lazy("same customer"),
}
CONCEPTS = {
    "leak": pgettext_lazy("defect", "leak"),
    "crack": pgettext_lazy("defect", "crack"),
    "break": pgettext_lazy("defect", "break"),
    "noise": pgettext_lazy("defect", "noise"),
    "vibration": pgettext_lazy("defect", "vibration"),
    "overheating": pgettext_lazy("defect", "overheating"),
    "corrosion": pgettext_lazy("defect", "corrosion"),
    "wear": pgettext_lazy("defect", "wear"),
    "deformation": pgettext_lazy("defect", "deformation"),
    "dimension": pgettext_lazy("defect", "dimension"),
    "coating": pgettext_lazy("defect", "coating"),
    "loose": pgettext_lazy("defect", "loose"),
    "stuck": pgettext_lazy("defect", "stuck"),
    "electrical": pgettext_lazy("defect", "short circuit or insulation"),
    "software": pgettext_lazy("defect", "software"),
    "performance": pgettext_lazy("defect", "performance"),
    "missing": pgettext_lazy("defect", "missing parts"),
    "wrong goods": pgettext_lazy("defect", "wrong goods"),
    "contamination": pgettext_lazy("defect", "contamination"),
    "transport damage": pgettext_lazy("defect", "transport or packaging"),
    "weld": pgettext_lazy("defect", "weld"),
    "seal": pgettext_lazy("defect", "seal"),
    "bearing": pgettext_lazy("defect", "bearing"),
    "false alarm": pgettext_lazy("defect", "alarm or trip"),
}


def why(one: Alike) -> list[str]:
    """Return what both cases have in common: goods, then what failed, then words, each as one phrase."""
    found = [str(GOODS[name]) for name in one.goods]
    failures = [str(CONCEPTS[name]) for name in one.concepts]
    if failures:
        found.append(_("both say: {what}").format(what=timeline.listed(failures)))
    if one.words:
        found.append(_("same words: {words}").format(words=timeline.listed(one.words)))
    return found


def beside(complaint: Complaint, user: User) -> list[dict[str, Any]]:
    """Return what stands beside a case: the one it was merged into, those merged into it, then the most alike."""
    first = linked(complaint, user)
    known = {row["ref"] for row in first}
    alike = look_alikes.alike(complaint, user, limit=BESIDE + len(known))
    rest = shown([one for one in alike if one.case.ref not in known][:BESIDE])
    return first + [row | {"why": standing(row["why"], row["state"])} for row in rest]


def linked(complaint: Complaint, user: User) -> list[dict[str, Any]]:
    """Return the case that this one was merged into, and those merged into it; one statement."""
    found = [(complaint.master, _("this case was merged into it"))] if complaint.master else []
    merged = Complaint.objects.visible_to(user).filter(master=complaint.pk).order_by("-received_at", "-pk")[:BESIDE]
    found += [(row, _("merged into this case")) for row in merged]
    return [
        {"ref": row.ref, "title": row.title, "url": row.get_absolute_url(),
         "why": standing(said, row.get_state_display())}
        for row, said in found
    ]  # fmt: skip


def standing(said: str, state: str) -> str:
    """Return why a case stands here and its state, apart: a state after a comma reads as one of the words."""
    return f"{said} · {state}"


def shown(rows: Sequence[Alike]) -> list[dict[str, Any]]:
    """Return cases as links with the reason."""
    return [
        {
            "ref": one.case.ref,
            "title": one.case.title,
            "url": one.case.get_absolute_url(),
            "state": one.case.get_state_display(),
            "on": one.case.received_at,
            "why": timeline.joined(*why(one)),
        }
        for one in rows
    ]
