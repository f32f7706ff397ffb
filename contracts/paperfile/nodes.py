"""
Text as a tree of values that know their line and column. PURE.

Every scalar stays the text that somebody wrote, so that no digit is lost and nothing is guessed; only an unquoted
true, false or null is what it says. Aliases, tags and several documents are refused: a contract needs none of them, and
aliases are how small files become large ones.
"""

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # the one reader of JSON strings there is
from typing import Any

import yaml
from yaml.reader import Reader

MOST_BYTES = 1_000_000
MOST_STRANGE = 1000  # characters that are told
INDEX = re.compile(r"[0-9]{1,6}")  # of a list
MOST_VALUES = 20_000
DEEPEST = 12
PLAIN = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
CONSTANTS = {"true": True, "false": False, "null": None}
SPACE = re.compile(r"[ \t\n\r]*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where: line and column count from 1, 0 where no place can be named. `field` is a path."""

    code: str
    line: int = 0
    column: int = 0
    field: str = ""
    params: tuple[tuple[str, str], ...] = ()


class Unreadable(ValueError):
    """The file is no contract; `faults` say all that is wrong."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(", ".join(f"{fault.line}:{fault.column} {fault.code} {fault.field}" for fault in faults))


@dataclass
class Node:
    """A value with its place: dict of Nodes, list of Nodes, text, bool or None; `keys` holds the places of keys."""

    value: Any
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def plain(self) -> Any:
        """The value as plain data."""
        if isinstance(self.value, dict):
            return {key: node.plain for key, node in self.value.items()}
        return [node.plain for node in self.value] if isinstance(self.value, list) else self.value

    def place(self, path: str) -> tuple[int, int]:
        """Return line and column of the value at a dotted path, or of what holds it as far as that is there."""
        node, rest = self, path
        while rest:
            if rest in node.keys and rest not in node.value:
                return node.keys[rest]
            part, _dot, after = (rest, "", "") if rest in node.keys else rest.partition(".")
            inner = node.value.get(part) if isinstance(node.value, dict) else None
            if isinstance(node.value, list) and INDEX.fullmatch(part) and int(part) < len(node.value):
                inner = node.value[int(part)]
            if inner is None:
                return node.keys.get(part, (node.line, node.column))
            node, rest = inner, after
        return node.line, node.column


def parse(content: bytes) -> tuple[Node, list[Fault]]:
    """
    Return the tree of a YAML or JSON file, and what is wrong in it although it could be read on.

    Raises Unreadable for what cannot be read any further.
    """
    text = decoded(content)
    if not text.strip():
        raise Unreadable(Fault("file_empty"))
    if strange := [_strange(text, found) for found in Reader.NON_PRINTABLE.finditer(text)]:
        raise Unreadable(*strange[:MOST_STRANGE])
    reader = _Json(text) if text.lstrip()[0] in "{[" else _Yaml()
    return reader.tree(text), reader.faults


def _strange(text: str, found: re.Match[str]) -> Fault:
    return Fault("strange_character", *_place(text, found.start()), params=(("hex", f"{ord(found[0]):04X}"),))


def decoded(content: bytes) -> str:
    """Return the text of UTF-8, or of UTF-16 with its mark, with plain line ends. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Fault("file_too_large", params=(("most", str(MOST_BYTES // 1000)),)))
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if wide else content[: error.start].count(b"\n") + 1
        raise Unreadable(Fault("not_utf8", line, 1 if line else 0)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


class _Growing:
    """What both readers watch: how many values there are, and how deep they lie; what is wrong but can be read past."""

    def __init__(self) -> None:
        self.count = 0
        self.faults: list[Fault] = []

    def tree(self, text: str) -> Node:
        """Return the whole tree of the text. Raises Unreadable."""
        raise NotImplementedError

    def note(self, code: str, line: int, column: int, **params: str) -> None:
        self.faults.append(Fault(code, line, column, params=tuple(params.items())))

    def grow(self, depth: int, line: int, column: int) -> None:
        self.count += 1
        if self.count > MOST_VALUES:
            raise Unreadable(Fault("too_many_values", line, column, params=(("most", str(MOST_VALUES)),)))
        if depth > DEEPEST:
            raise Unreadable(Fault("too_deep", line, column, params=(("most", str(DEEPEST)),)))


class _Yaml(_Growing):
    """Builds the tree from the events of the YAML reader, without recursion."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self.open: list[tuple[Node, list[str | None]]] = []  # what is open; the key that waits, None: for nothing kept

    def tree(self, text: str) -> Node:
        try:
            return self.read(yaml.parse(text, Loader=LOADER))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            raise Unreadable(*self.faults, Fault("yaml_syntax", *place)) from None
        except yaml.YAMLError:
            raise Unreadable(*self.faults, Fault("yaml_syntax")) from None

    def read(self, events: Any) -> Node:
        documents = 0
        for event in events:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise Unreadable(Fault("several_documents", line, column))
                case yaml.AliasEvent():
                    self._alias(line, column)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.open.pop()
                case yaml.NodeEvent():
                    self._add(event, line, column)
        if self.root is None:
            raise Unreadable(Fault("file_empty"))
        return self.root

    def _alias(self, line: int, column: int) -> None:
        """Note an alias, and put nothing in its place. Raises Unreadable where a name has to stand."""
        self.note("alias", line, column)
        if self.open and isinstance(self.open[-1][0].value, dict) and not self.open[-1][1]:
            raise Unreadable(*self.faults)
        self.grow(len(self.open), line, column)
        self._hang(Node(None, line, column))

    def _add(self, event: Any, line: int, column: int) -> None:
        if event.anchor:
            self.note("alias", line, column)
        if event.tag not in (None, "!"):
            self.note("tag", line, column)
        self.grow(len(self.open), line, column)
        scalar = isinstance(event, yaml.ScalarEvent)
        if scalar and self.open and isinstance(self.open[-1][0].value, dict) and not self.open[-1][1]:
            self._key(event.value, line, column)
            return
        value: Any = _scalar(event) if scalar else {} if isinstance(event, yaml.MappingStartEvent) else []
        node = Node(value, line, column)
        self._hang(node)
        if not scalar:
            self.open.append((node, []))

    def _key(self, key: str, line: int, column: int) -> None:
        holder, waiting = self.open[-1]
        if key in holder.keys:
            self.note("key_twice", line, column, key=key[:60])
            waiting.append(None)
            return
        holder.keys[key] = line, column
        waiting.append(key)

    def _hang(self, node: Node) -> None:
        """Put a value where it belongs."""
        if not self.open:
            self.root = node
            return
        holder, waiting = self.open[-1]
        if isinstance(holder.value, list):
            holder.value.append(node)
        elif waiting:
            if (key := waiting.pop()) is not None:
                holder.value[key] = node
        else:
            raise Unreadable(*self.faults, Fault("key_not_text", node.line, node.column))


def _scalar(event: Any) -> Any:
    plain = event.implicit[0] and not event.style
    return PLAIN[event.value] if plain and event.value in PLAIN else event.value


class _Json(_Growing):
    """A strict reader of JSON that keeps places and the digits of numbers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def tree(self, text: str) -> Node:
        node, at = self._value(self._skip(0), 0)
        if self._skip(at) < len(self.text):
            raise self._fault(self._skip(at))
        return node

    def _value(self, at: int, depth: int) -> tuple[Node, int]:
        line, column = self._place(at)
        self.grow(depth, line, column)
        node = Node(None, line, column)
        first = self.text[at : at + 1]
        if first == "{":
            return node, self._object(node, at, depth)
        if first == "[":
            return node, self._array(node, at, depth)
        if first == '"':
            node.value, at = self._string(at)
            return node, at
        for word, value in CONSTANTS.items():
            if self.text.startswith(word, at):
                node.value = value
                return node, at + len(word)
        if number := NUMBER.match(self.text, at):
            node.value = number[0]
            return node, number.end()
        raise self._fault(at)

    def _object(self, node: Node, at: int, depth: int) -> int:
        node.value = {}
        at = self._skip(at + 1)
        while self.text[at : at + 1] != "}":
            if node.value:
                at = self._skip(self._sign(at, ","))
            line, column = self._place(at)
            if self.text[at : at + 1] != '"':
                raise self._fault(at)
            key, at = self._string(at)
            if twice := key in node.keys:
                self.note("key_twice", line, column, key=key[:60])
            at = self._skip(self._sign(self._skip(at), ":"))
            value, at = self._value(at, depth + 1)
            at = self._skip(at)
            if not twice:
                node.keys[key], node.value[key] = (line, column), value
        return at + 1

    def _array(self, node: Node, at: int, depth: int) -> int:
        node.value = []
        at = self._skip(at + 1)
        while self.text[at : at + 1] != "]":
            if node.value:
                at = self._skip(self._sign(at, ","))
            item, at = self._value(at, depth + 1)
            node.value.append(item)
            at = self._skip(at)
        return at + 1

    def _string(self, at: int) -> tuple[str, int]:
        try:
            said, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self._fault(error.pos) from None
        if strange := Reader.NON_PRINTABLE.search(said):
            params = (("hex", f"{ord(strange[0]):04X}"),)
            raise Unreadable(*self.faults, Fault("strange_character", *self._place(at), params=params))
        return said, end

    def _sign(self, at: int, sign: str) -> int:
        if self.text[at : at + 1] != sign:
            raise self._fault(at)
        return at + 1

    def _skip(self, at: int) -> int:
        found = SPACE.match(self.text, at)
        return found.end() if found else at

    def _place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1

    def _fault(self, at: int) -> Unreadable:
        return Unreadable(*self.faults, Fault("json_syntax", *self._place(min(at, len(self.text)))))
