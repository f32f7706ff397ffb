"""The story of a case, oldest first: what was said, what was decided, and the rest folded (UX §3.3). Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.frame import initials
from audit.models import Event
from complaints import event_words, told_words
from complaints.clock_words import short
from complaints.models import Message
from complaints.models.states import Audience, Channel
from complaints.words import way
from contracts.words import day_in_words

if TYPE_CHECKING:
    from accounts.models import User
    from complaints.models import Complaint, Evidence

SHOWN = 50  # entries of a page; what came before is behind a link
READ = 300  # events read for it at most
CUSTOMER = ("case.registered", "reply.sent", "customer.wrote", "letter.sent")
INTERNAL = ("note.written",)
KINDS = {Audience.INTERNAL: "internal", Audience.OUT: "ours", Audience.IN: "customer"}
TAGS = {"zh-hans": "zh-Hans"}
SHOWS = ("all", "customer", "internal", "decisions")


@dataclass(frozen=True)
class Row:
    """An event with its texts, as it is read here."""

    seq: int
    kind: str
    by_id: int | None
    at: datetime
    facts: dict[str, Any]
    texts: dict[str, str] = field(default_factory=dict)
    told: list[dict[str, Any]] | None = None  # of told_words


@dataclass(frozen=True)
class Reader:
    """For whom it is told: who reads, in which zone, at which moment."""

    user: User
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True)
class Story:
    """A page of the timeline: entries for _timeline_item.html and day lines, and where earlier ones begin."""

    entries: list[dict[str, Any]]
    earlier: int | None
    counts: dict[str, int] | None


def rows_of(complaint: Complaint, *, show: str = "all", before: int | None = None) -> list[Row]:
    """Return the newest events of the case with their texts, oldest first, in one statement."""
    stream = Event.objects.filter(stream_kind="case", stream=complaint.uuid)
    if show != "all":
        stream = stream.filter(kind__in=_kinds(show))
    if before is not None:
        stream = stream.filter(seq__lt=before)
    newest = stream.order_by("-seq").values("pk")[:READ]
    names = ("seq", "kind", "by_id", "at", "facts", "told", "texts__name", "texts__text")
    found: dict[int, Row] = {}
    rows = told_words.with_deliveries(Event.objects.filter(pk__in=newest))
    for seq, kind, by_id, at, facts, told, name, text in rows.order_by("seq", "texts__pk").values_list(*names):
        row = found.setdefault(seq, Row(seq, kind, by_id, at, facts, told=told))
        if name:
            row.texts[name] = text
    return list(found.values())


def _kinds(show: str) -> Iterable[str]:
    return {"customer": CUSTOMER, "internal": INTERNAL}.get(show, sorted(event_words.DECISIONS))


def messages_of(complaint: Complaint, rows: Iterable[Row]) -> dict[str, Message]:
    """Return the messages that the rows speak of, by uuid."""
    uuids = [row.facts["message"] for row in rows if "message" in row.facts]
    return {str(message.uuid): message for message in complaint.messages.filter(uuid__in=uuids)} if uuids else {}


def tell(
    complaint: Complaint,
    rows: list[Row],
    *,
    reader: Reader,
    names: Mapping[int, str],
    messages: Mapping[str, Message],
    files: Mapping[int | None, list[Evidence]],
    whole: bool,
) -> Story:
    """
    Return the story that the rows tell.

    files: by message, those given with the complaint itself under None.  whole: nothing was filtered out, so the
    entries can be counted.
    """
    entries = list(_folded(reader, _entries(complaint, rows, reader, names, messages, files)))
    shown = entries[-SHOWN:]
    cut = len(entries) > len(shown) or len(rows) >= READ
    earlier = shown[0]["seq"] if cut and shown else None
    counts = _counts(rows) if whole and len(rows) < READ else None
    return Story(list(_with_days(shown, reader)), earlier, counts)


def _counts(rows: list[Row]) -> dict[str, int]:
    groups = {"customer": set(CUSTOMER), "internal": set(INTERNAL), "decisions": event_words.DECISIONS}
    return {name: sum(row.kind in kinds for row in rows) for name, kinds in groups.items()}


def _entries(
    complaint: Complaint,
    rows: list[Row],
    reader: Reader,
    names: Mapping[int, str],
    messages: Mapping[str, Message],
    files: Mapping[int | None, list[Evidence]],
) -> Iterator[dict[str, Any]]:
    for row in sorted(rows, key=lambda row: (row.kind != "case.registered", row.at, row.seq)):
        entry = {"seq": row.seq, "anchor": f"e-{row.seq}", "at": row.at, "time": _time(row.at, reader)}
        message = messages.get(str(row.facts.get("message")))
        who = names.get(row.by_id or 0, "")
        if message is not None:
            yield entry | _said(message, who, reader) | {"files": _thumbs(complaint, files.get(message.pk, []))}
        elif row.kind == "case.registered":
            received = {"at": complaint.received_at, "time": _time(complaint.received_at or row.at, reader)}
            yield entry | received | _told(complaint, who) | {"files": _thumbs(complaint, files.get(None, []))}
        elif row.kind == "letter.sent":
            yield entry | _letter(complaint, row, who, reader)
        elif row.kind in event_words.DECISIONS:
            yield entry | _decision(row, who, told_words.told_words(row.facts, row.told, reader.zone))
        else:
            what = event_words.say(row.kind, row.facts, row.texts)
            told = told_words.told_words(row.facts, row.told, reader.zone)
            yield entry | {"kind": "system", "what": " · ".join(part for part in (what, who, told) if part)}


def _said(message: Message, who: str, reader: Reader) -> dict[str, Any]:
    kind = KINDS[Audience(message.audience)]
    name = message.author or who
    what = ""
    if kind == "ours":
        what = _("to the customer")
    elif kind == "customer":
        channel = Channel(message.channel).label
        what = _("customer, {channel}").format(channel=channel)
        if message.author and message.author != who:
            what = _("customer, {channel}, taken down by {who}").format(channel=channel, who=who)
    return {
        "kind": kind,
        "who": name,
        "initials": initials(name),
        "me": message.by_id == reader.user.pk and kind == "ours",
        "what": what,
        "body": message.body,
        "lang": foreign(message.language) if kind != "internal" else "",
    }


def _told(complaint: Complaint, who: str) -> dict[str, Any]:
    name = complaint.contact_name or (complaint.contact.name if complaint.contact else "") or str(complaint.customer)
    channel = Channel(complaint.channel).label
    what = _("customer, {channel}").format(channel=channel)
    if who:
        what = _("customer, {channel}, logged by {who}").format(channel=channel, who=who)
    return {
        "kind": "customer", "who": name, "initials": initials(name), "what": what, "body": complaint.description,
        "lang": foreign(complaint.language),
    }  # fmt: skip


def _letter(complaint: Complaint, row: Row, who: str, reader: Reader) -> dict[str, Any]:
    what = event_words.say(row.kind, row.facts)
    return {
        "kind": "ours", "who": who or complaint.ref, "initials": initials(who) if who else "✉",
        "me": row.by_id == reader.user.pk, "what": _("to the customer"),
        "body": what, "badge": {"tone": "ok", "icon": "mail", "label": _("Letter")},
    }  # fmt: skip


def _decision(row: Row, who: str, told: str = "") -> dict[str, Any]:
    because = next((row.texts[name] for name in event_words.BECAUSE if row.texts.get(name)), "")
    states = event_words.state_words(row.facts)
    decided = who and row.kind != "case.escalated"  # a call for a manager decides nothing
    by = _("Decision by {who}").format(who=who) if decided else who
    return {
        "kind": "decision",
        "icon": "over" if row.kind == "sla.breached" else "diamond",
        "who": event_words.say(row.kind, row.facts, row.texts),
        "what": " · ".join(part for part in (by, states, told) if part),
        "body": way(because),
    }


def _thumbs(complaint: Complaint, files: list[Evidence]) -> list[dict[str, str]]:
    return [thumb(complaint.ref or "", file) for file in files]


def thumb(ref: str, file: Evidence) -> dict[str, str]:
    """Return a file as _thumbs.html shows it."""
    picture = reverse("evidence-preview", args=[ref, file.uuid]) if file.blob.kind.startswith("image/") else ""
    return {"url": reverse("evidence", args=[ref, file.uuid]), "thumb": picture, "name": file.caption or file.name}


def _folded(reader: Reader, entries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Fold neighbouring system entries of one day into one."""
    waiting: list[dict[str, Any]] = []
    for entry in entries:
        if waiting and _day(entry, reader) != _day(waiting[-1], reader):
            yield from _fold(waiting)
            waiting = []
        if entry["kind"] == "system":
            waiting.append(entry)
            continue
        yield from _fold(waiting)
        waiting = []
        yield entry
    yield from _fold(waiting)


def _fold(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    if len(entries) < 2:
        yield from entries
        return
    first, last = entries[0], entries[-1]
    time = first["time"] if first["time"] == last["time"] else f"{first['time']}–{last['time']}"
    words = _("{n} automatic entries: {first}").format(n=len(entries), first=first["what"])
    yield first | {"what": words, "time": time, "folded": entries}


def _day(entry: dict[str, Any], reader: Reader) -> date:
    return entry["at"].astimezone(reader.zone).date()


def _with_days(entries: list[dict[str, Any]], reader: Reader) -> Iterator[dict[str, Any]]:
    day: date | None = None
    for entry in entries:
        local = _day(entry, reader)
        if local != day:
            day = local
            yield {"day": day_words(local)}
        yield entry


def _time(moment: datetime, reader: Reader) -> str:
    return moment.astimezone(reader.zone).strftime("%H:%M")


def day_words(day: date) -> str:
    """Return a day with its weekday, in the reader's language."""
    return date_format(day, "Y年n月j日 l" if get_language() == "zh-hans" else "l j F Y")


def listed(words: Iterable[object]) -> str:
    """Return words as the reader's language lists them; empty ones are left out."""
    return ("、" if get_language() == "zh-hans" else ", ").join(str(word) for word in words if word)


def joined(*parts: object) -> str:
    """Return what is said of one thing with the reader's comma between; empty parts are left out."""
    return ("，" if get_language() == "zh-hans" else ", ").join(str(part) for part in parts if part)


def either(words: Iterable[object]) -> str:
    """Return words as alternatives, as the reader's language lists them: "Cleo, Quinn or Lee"."""
    *before, last = [str(word) for word in words] or [""]
    return _("{these} or {last}").format(these=listed(before), last=last) if before else last


def date_words(day: date | None) -> str:
    """Return a date in the reader's language; empty for none."""
    return day_in_words(day) if day else ""


def when(moment: datetime | None, reader: Reader) -> str:
    """Return a moment as short as its distance allows; a dash for none."""
    return short(moment, reader.now, reader.zone) if moment else "–"


def foreign(language: str) -> str:
    """Return the language as BCP 47 writes it where it is not the reader's, else nothing."""
    return "" if language == get_language() else TAGS.get(language, language)


def by_message(files: Iterable[tuple[Evidence, int | None]], opened: datetime | None) -> dict[int | None, list]:
    """Group files by their message; those of no message that came with the complaint stand under None."""
    groups: dict[int | None, list] = defaultdict(list)
    for file, message in files:
        if message is not None or (opened and file.at <= opened):
            groups[message].append(file)
    return groups
