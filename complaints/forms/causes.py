"""The forms in which a whole part of the causes is written: the tree of a leg, or the six cards of the fishbone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints import cause_trees, outline
from complaints.forms.base import ActForm
from complaints.forms.rooms import answers_of
from complaints.models import CauseNode
from complaints.models.states import Bone, CausePart, Leg
from complaints.outline import Row

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint

LONGEST = 2000  # letters of one text
UNKEPT = re.compile("[\0\ud800-\udfff]")
BROKEN = "\ufffd"
COLUMNS = ("text", "test", "evidence", "result")
NOTES = {
    "added": _("added meanwhile by somebody else"),
    "removed": _("removed meanwhile by somebody else; sent again, it comes back"),
    "taken": _("changed meanwhile by somebody else; you had not touched it"),
}


class CausesForm(ActForm):
    """
    Rows as parallel lists: `row` ("id:level:gone:base:bone"), `text`, `test`, `evidence`, `result`.

    The interface sends `rows` instead: objects of id, level, text, test, evidence, result and bone, in their order.
    A button `op` ("child:3") rearranges them on the page; nothing is kept before the form is sent.
    """

    too_many = format_lazy(
        _("The tree of whys came with more answers than can be read: at most {most} in one part. Take some out."),
        most=cause_trees.MOST,
    )
    body = "complaints/_causes_form.html"
    wide = True
    button = _("Save")

    part = forms.ChoiceField(label=_("Part"), choices=CausePart.choices, widget=forms.HiddenInput)
    expected = forms.IntegerField(label=_("Version"), min_value=0, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        said = self.data.get("part") if self.is_bound else self.initial.get("part")
        self.which = CausePart(said) if said in CausePart.values else CausePart.OCCURRENCE
        self.rows: list[Row] = []
        self.both: dict[int, Row] = {}
        self.noted: dict[int, str] = {}
        self.here, self.card = -1, ""  # the row to go on at, or the card
        self.version: Any = self.data.get("expected") if self.is_bound else 0
        if self.is_bound:
            self.rows = _rows_said(self.data)
        else:
            self.rows = cause_trees.rows_of(list(cause_trees.nodes_of(self.complaint, self.which)))
            self.version = cause_trees.version_of(self.complaint, self.which)
            self._begin()

    def _begin(self) -> None:
        """Have a row to type in."""
        if self.which != CausePart.ISHIKAWA:
            self.rows = self.rows or [Row()]
            self.here = len(self.rows) - 1

    @classmethod
    def arranged(
        cls, said: Any, *, complaint: Complaint, user: User, now: datetime, files: Any = None
    ) -> ActForm | None:
        """Return the form after one of its buttons moved a row."""
        name, _colon, place = str(said.get("op", "")).partition(":")
        if not name:
            return None
        first = {"part": said.get("part"), "at": said.get("at")}
        form = cls(complaint=complaint, user=user, now=now, initial=first)
        form.version = said.get("expected", "")
        rows = _rows_said(said)
        if name == "add":
            form.rows, form.card = rows, place
        else:
            form.rows, form.here = outline.move(rows, name, int(place) if place.isdigit() and len(place) < 6 else -1)
        if form.is_fishbone:  # each card brings an empty row of its own
            form.rows, form.here = [row for row in form.rows if not row.blank], -1
        return form

    def clean_expected(self) -> int:
        """Return the version that was read; without one the part is taken to be empty."""
        return self.cleaned_data["expected"] or 0

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for n, row in enumerate(self.rows, 1):
            if any(BROKEN in getattr(row, name) for name in ("text", "test", "evidence")):
                words = gettext("Row {row} holds a character that cannot be kept, shown as “{broken}”. Take it out.")
                self.add_error(None, ValidationError(words.format(row=n, broken=BROKEN), code="broken"))
            if any(len(getattr(row, name)) > LONGEST for name in ("text", "test", "evidence")):
                words = gettext("Row {row} is too long: keep each text below {most} letters.")
                self.add_error(None, ValidationError(words.format(row=n, most=LONGEST), code="long"))
            if row.result not in CauseNode.Result.values:
                words = gettext("Row {row}: choose open, confirmed or ruled out.")
                self.add_error(None, ValidationError(words.format(row=n), code="result"))
        return {**said, "rows": self.rows}

    def version_now(self, complaint: Complaint) -> int | None:
        return cause_trees.version_of(complaint, self.which)

    def show_kept(self, complaint: Complaint) -> None:
        """Put what was kept meanwhile beside what was typed, so that neither text is lost."""
        theirs = cause_trees.rows_of(list(cause_trees.nodes_of(complaint, self.which)))
        self.rows, self.both, self.noted = outline.merged(self.rows, theirs)
        self.version = cause_trees.version_of(complaint, self.which)
        if self.errors:
            self.full_clean()  # they name rows, which are others now

    # for the page ----------------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return str(self.which.label)

    @property
    def problem(self) -> str:
        stated = self.complaint.defect_statements.filter(cycle=self.complaint.cycle).first()
        return stated.sentence if stated else self.complaint.title

    def shown(self) -> list[dict[str, Any]]:
        """Return the rows as the page draws them, each with its number, and what stands there now where both wrote."""
        names = outline.numbers(self.rows)
        known = dict(CauseNode.Result.choices)
        return [
            {
                "n": n, "row": row, "no": names[n], "key": _key(row), "here": n == self.here,
                "kept": self.both.get(n), "kept_result": known.get(self.both[n].result) if n in self.both else "",
                "note": NOTES.get(self.noted.get(n, ""), ""), "results": CauseNode.Result.choices,
            }
            for n, row in enumerate(self.rows)
        ]  # fmt: skip

    def cards(self) -> list[dict[str, Any]]:
        """Return the six cards of the fishbone with their rows, and one more to type in."""
        rows, sent, cards = self.shown(), 0, []
        for bone in Bone:
            blank = {"row": Row(bone=bone), "key": _key(Row(bone=bone)), "results": CauseNode.Result.choices,
                     "here": bone == self.card}  # fmt: skip
            mine = [*(row for row in rows if row["row"].bone == bone), blank]
            for place, row in enumerate(mine, sent):  # the buttons name the rows in the order in which they are sent
                row["n"] = place
            sent += len(mine)
            cards.append({"bone": bone.value, "label": bone.label, "rows": mine})
        return cards

    @property
    def is_fishbone(self) -> bool:
        return self.which == CausePart.ISHIKAWA

    @property
    def blank(self) -> dict[str, Any]:
        """Return a row that says nothing, for the script to copy."""
        return {"row": Row(), "key": _key(Row()), "results": CauseNode.Result.choices}


def _key(row: Row) -> str:
    return f"{row.id or ''}:{row.level}:{int(row.gone)}:{row.base}:{row.bone}"


def _rows_said(data: Any) -> list[Row]:
    """Return the rows that a form or the interface sent; what cannot be read is left out of them."""
    if objects := data.getlist("rows"):
        return [_from_object(text) for text in objects]
    columns = [data.getlist(name) for name in COLUMNS]
    rows = []
    for key, *cells in zip(data.getlist("row"), *columns, strict=False):
        rows.append(replace(_from_key(key), **dict(zip(COLUMNS, map(_kept, cells), strict=True))))
    return rows


def _from_key(key: str) -> Row:
    number, level, gone, base, bone = (key.split(":") + [""] * 5)[:5]
    return Row(_whole(number), _level(level), gone=gone == "1", base=base, bone=bone)


def _kept(text: str) -> str:
    """Return the text without blanks around it; what no database keeps, NUL and halves of characters, stands out."""
    return UNKEPT.sub(BROKEN, text).strip()


def _from_object(text: str) -> Row:
    """Return the row of one JSON object; one that cannot be read has no result, which `clean` refuses."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return Row(result="")
    if not isinstance(said, Mapping):
        return Row(result="")
    words = {name: _kept(str(said.get(name) or "")) for name in ("text", "test", "evidence", "bone")}
    result = str(said.get("result") or "OPEN")
    return Row(_whole(said.get("id")), _level(said.get("level")), result=result, **words)


def _level(said: Any) -> int:
    """Return the level, no deeper than what the verb refuses as too deep: a page has a place for each level above."""
    return min(_whole(said) or 1, cause_trees.DEEPEST + 1)


def _whole(said: Any) -> int | None:
    text = str(said)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class PromoteForm(ActForm):
    """Which card of the fishbone goes into which tree, and below which answer."""

    bone = forms.ModelChoiceField(label=_("Card"), queryset=CauseNode.objects.none())
    leg = forms.ChoiceField(label=_("Leg"), choices=Leg.choices)
    parent = forms.ModelChoiceField(
        label=_("Because of"), queryset=CauseNode.objects.none(), required=False, empty_label=_("The problem itself")
    )

    def prepare(self) -> None:
        self.fields["bone"].queryset = cause_trees.nodes_of(self.complaint, CausePart.ISHIKAWA)
        self.fields["parent"].queryset = answers_of(self.complaint)
