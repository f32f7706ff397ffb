"""What the demo's cases in response show of responsibilities: tasks with their letters, and one that nobody answers for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from accounts import people as accounts
from complaints import assigning, response
from remediation.demo import people

if TYPE_CHECKING:
    from remediation.demo.walk import Walk

HOUR = timedelta(hours=1)
# what, who does it, answers for it, is asked before, is told; hours until it is due
TASKS: dict[str, tuple[tuple[str, str, str, str, str, int], ...]] = {
    "en": (
        ("Get the commissioning record and the oil samples from the site", "finn", "quinn", "sam", "cleo", 20),
        ("Look up which other customers have units of the same lot", "tess", "quinn", "", "sam cleo", 30),
        ("Ask the bearing supplier for the inspection record of the lot", "quinn", "lee", "lin", "", 44),
    ),
    "zh": (
        ("向现场索取调试记录和油样", "finn", "quinn", "sam", "cleo", 20),
        ("查明拥有同批次机组的其他客户", "tess", "quinn", "", "sam cleo", 30),
        ("向轴承供应商索取该批次检验记录", "quinn", "lee", "lin", "", 44),
    ),
}


def share(walk: Walk, *, orphan: bool = False) -> None:
    """Give the tasks of a response with their letters; with `orphan`, whoever answered for the last has left since."""
    who, at = walk.people, walk.at(6.2)
    for text, does, answers, asked, told, hours in TASKS[walk.story.language]:
        task = response.give_task(
            walk.case, by=who["quinn"], at=at, kind="manual", text=text, owner=who[does], due_at=walk.now + hours * HOUR
        )
        assigning.assign_action(
            task, by=who["quinn"], at=at, accountable=who[answers], consulted=[who[one] for one in asked.split()],
            informed=[who[one] for one in told.split()],
        )  # fmt: skip
    if orphan:
        former = people.former(at=walk.start)
        assigning.assign_action(task, by=who["lee"], at=at, accountable=former)
        accounts.deactivate(former, by=who["root"], at=walk.at(6.4))
