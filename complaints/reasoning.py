"""
A linter for reasoning: what is weak in a tree of whys, its root causes and the actions on them. PURE.

A finding is a frozen (code, parameters) with the place it speaks of; it becomes a sentence in `reasoning_words`. It is
advice and blocks nothing: what must not be is refused by the verbs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

OPEN, CONFIRMED, RULED_OUT = "OPEN", "CONFIRMED", "EXCLUDED"


@dataclass(frozen=True)
class Answer:
    """One answer to "why?"; `parent` is the answer it explains, None for the problem itself."""

    id: Hashable
    text: str
    leg: str = ""
    parent: Hashable | None = None
    result: str = OPEN
    test: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Cause:
    """A root cause as named; `answer` is the one it stands on."""

    id: Hashable
    text: str
    leg: str = ""
    answer: Hashable | None = None
    proven: bool = False


@dataclass(frozen=True)
class Action:
    """Something done about a cause; `cause` is the one it acts on."""

    id: Hashable
    text: str
    cause: Hashable | None = None


@dataclass(frozen=True)
class Finding:
    """What is weak, where. At most one of answer, cause and action says of what; `leg` is that of its tree."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    leg: str = ""
    answer: Hashable | None = None
    cause: Hashable | None = None
    action: Hashable | None = None


def check(
    answers: Iterable[Answer], causes: Iterable[Cause] = (), actions: Iterable[Action] = (), *, problem: str = ""
) -> list[Finding]:
    """Return every finding: the answers' in their order, then the causes', then the actions'."""
    tree, named = Tree(answers), list(causes)
    found = [finding for answer in tree.answers for finding in _of_answer(answer, tree, problem)]
    found += [finding for cause in named for finding in _of_cause(cause, tree)]
    known = {cause.id for cause in named}
    return found + [_loose(action) for action in actions if action.cause not in known]


class Tree:
    """The answers by id and by parent. An answer whose parent is not there counts as one to the problem."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self.answers = list(answers)
        self.by_id = {answer.id: answer for answer in self.answers}
        self.below: dict[Hashable | None, list[Answer]] = defaultdict(list)
        for answer in self.answers:
            self.below[answer.parent if answer.parent in self.by_id else None].append(answer)

    def above(self, answer: Answer) -> Iterator[Answer]:
        """Return what the answer explains, nearest first; it ends before an answer comes again."""
        seen = {answer.id}
        while (parent := self.by_id.get(answer.parent)) is not None and parent.id not in seen:
            seen.add(parent.id)
            yield parent
            answer = parent

    def is_circle(self, answer: Answer) -> bool:
        """Tell whether the way up from the answer leads back to itself."""
        last = next(reversed([answer, *self.above(answer)]))
        return last.parent == answer.id

    def holds(self, answer: Answer) -> bool:
        """Tell whether neither the answer nor one above it is ruled out."""
        return answer.result != RULED_OUT and all(above.result != RULED_OUT for above in self.above(answer))


def _of_answer(answer: Answer, tree: Tree, problem: str) -> Iterator[Finding]:
    def say(code: str, **params: Any) -> Finding:
        return Finding(code, {"text": answer.text, **params}, leg=answer.leg, answer=answer.id)

    if answer.result == RULED_OUT:
        if not _shown(answer):
            yield say("ruled_out_without_evidence")
        return
    if tree.is_circle(answer):
        yield say("circle")
    elif (again := _said_before(answer, tree, problem)) is not None:
        yield say("circle_in_words", above=again)
    if _stands_before(answer, tree):
        yield say("twice")
    if answer.result == CONFIRMED and not _shown(answer):
        yield say("confirmed_without_evidence")
    if answer.result == CONFIRMED and (out := _ruled_out_above(answer, tree)):
        yield say("confirmed_below_ruled_out", above=out)
    if any(below.result != RULED_OUT for below in tree.below[answer.id]) or not tree.holds(answer):
        return
    if blames_people(answer.text):
        yield say("person_blamed")
    elif answer.result == OPEN and not _shown(answer):
        yield say("no_test_yet")


def _shown(answer: Answer) -> bool:
    return bool(answer.evidence.strip() or answer.test.strip())


def _said_before(answer: Answer, tree: Tree, problem: str) -> str | None:
    own = _plain(answer.text)
    told = [above.text for above in tree.above(answer)] + [problem]
    return next((text for text in told if text and _plain(text) == own), None)


def _stands_before(answer: Answer, tree: Tree) -> bool:
    """Tell whether the same stands before it under the same parent."""
    beside = tree.below[answer.parent if answer.parent in tree.by_id else None]
    same = (each for each in beside if each.leg == answer.leg and _plain(each.text) == _plain(answer.text))
    return next(same).id != answer.id


def _ruled_out_above(answer: Answer, tree: Tree) -> str:
    return next((above.text for above in tree.above(answer) if above.result == RULED_OUT), "")


def _of_cause(cause: Cause, tree: Tree) -> Iterator[Finding]:
    def say(code: str, **params: Any) -> Finding:
        return Finding(code, {"text": cause.text, **params}, leg=cause.leg, cause=cause.id)

    if not cause.proven:
        yield say("cause_unproven")
    if blames_people(cause.text):
        yield say("person_blamed")
    stands_on = tree.by_id.get(cause.answer)
    if stands_on is not None and not tree.holds(stands_on):
        yield say("cause_on_ruled_out")
    elif stands_on is None and any(answer.leg == cause.leg for answer in tree.answers):
        yield say("cause_beside_tree")


def _loose(action: Action) -> Finding:
    return Finding("action_without_cause", {"text": action.text}, action=action.id)


# Blaming people -------------------------------------------------------------------------------------------------------

_BLAME = (
    r"(?:operator|operating|human|personnel|personal|worker|employee|staff|manual|assembl(?:y|er)|fitter)(?:['’]s)?"
    r"[ -]+(?:error|mistake|fault|failure|factor|negligence|carelessness)s?",
    r"careless(?:ness|ly)?|negligen(?:t|ce)|inattenti(?:on|ve)|lack of (?:attention|care|discipline|awareness)",
    r"(?:did|does|do) ?n[o']t (?:follow|pay attention|care)|(?:was|were) not careful|forgot(?:ten)?|human element",
    r"(?:人员|人为|员工|工人|作业员|操作员|操作工|操作者?|操作人员|装配工|检验员|个人)?(?:的)?"
    r"(?:操作)?(?:失误|疏忽|过失|大意|粗心|马虎|误操作|违规|违章)(?:大意|操作)?",
    r"(?:人员|人为|员工|工人|作业员|操作员|操作工|操作者|操作人员|装配工|检验员|个人)(?:的)?"  # not a drawing
    r"(?:操作|作业|装配|安装|接线|检验|检查|测量|判断|记录|调整|设置|使用)?(?:错误|差错|不当)(?:操作)?",
    r"操作(?:错误|差错|不当)|(?:错误|不当)操作",
    r"人为(?:因素|原因|造成|所致)?|误操作|粗心大意|责任心(?:不强|不足|差|不够|缺失)|责任心",
    r"(?:没有|未|忘记)(?:按|照)?(?:要求|规程|规定)?(?:认真|注意)",
    r"人的(?:原因|因素|问题)",
)  # fmt: skip
_SOFT = (  # may name a gap of the system, and yet mostly stands for blame
    r"(?:lack of|insufficient|inadequate|poor) training|(?:lack of|poor) (?:quality )?awareness",
    r"(?:质量)?意识(?:不强|淡薄|不足|差|薄弱)|培训(?:不足|不到位|不够)",
)
_PERSON = (
    r"operators?|workers?|employees?|staff|personnel|fitters?|inspectors?|assemblers?|technicians?|person|people|"
    r"somebody|someone|individual|shift|new|人员|员工|工人|作业员|操作员|操作工|操作者|操作人员|检验员|装配工|个人|新员工|当班|夜班"
)
_FILLER = (
    r"\b(?:due to|caused by|because of|because|the|an?|of|by|was|were|is|are|at|on|in|during|to|has|had|simple|pure|"
    r"only|just|and|he|she|they|it)\b|由于|因为|导致|造成|所致|引起|属于|纯属|的|了|是|在|系|因"
)
_DENIED = re.compile(
    r"\b(?:no|not|without|never|rather than|ruled? out)\b[^,;.]{0,12}$|(?:非|不是|并非|无|没有|排除|而不是)$", re.I
)
_BLAMED = re.compile("|".join(_BLAME), re.I)
_HINTED = re.compile("|".join((*_BLAME, *_SOFT)), re.I)
_PEOPLE = re.compile(
    rf"\b(?:{_PERSON})\b|(?:{'|'.join(part for part in _PERSON.split('|') if not part.isascii())})", re.I
)
_FILLERS = re.compile(_FILLER, re.I)
HINTS, ALONE = 0.4, 0.9  # the share of what a text says that blames somebody


def blames_people(text: str) -> bool:
    """Tell whether the text mainly says that somebody made a mistake."""
    return _share_of_blame(text, _HINTED) >= HINTS


def only_blames_people(text: str) -> bool:
    """Tell whether the text says nothing but that somebody made a mistake (DOMAIN §5.2)."""
    return _share_of_blame(text, _BLAMED) >= ALONE


def _share_of_blame(text: str, blame: re.Pattern[str]) -> float:
    """Return the share of letters that name people and their mistake; 0 where none is named, or it is denied."""
    folded = unicodedata.normalize("NFKC", text).strip()
    hits = [hit for hit in blame.finditer(folded) if not _DENIED.search(folded[: hit.start()])]
    if not hits:
        return 0.0
    rest = blame.sub(" ", folded)
    other = _letters(_FILLERS.sub(" ", _PEOPLE.sub(" ", rest)))
    blamed = sum(_letters(hit[0]) for hit in hits)
    people = _letters(rest) - _letters(_PEOPLE.sub(" ", rest))
    return (blamed + people) / (blamed + people + other)


def _letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


# Reading back ---------------------------------------------------------------------------------------------------------


def chains(answers: Sequence[Answer]) -> list[list[Answer]]:
    """Return each line of reasoning that still holds, from its last answer back to the problem, the longest first."""
    tree = Tree(answers)
    ends = [
        answer
        for answer in tree.answers
        if tree.holds(answer)
        and not tree.is_circle(answer)
        and all(below.result == RULED_OUT for below in tree.below[answer.id])
    ]
    return sorted(([end, *tree.above(end)] for end in ends), key=len, reverse=True)
