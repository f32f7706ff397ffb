"""The one table of whom to tell: complete, and right in what it says."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from notifications import recipients

APPS = ("accounts", "complaints", "contracts", "remediation", "notifications", "portal", "worktime", "insights")
KIND = re.compile(r"^[a-z]+\.[a-z_]+$")
WRITERS = {"record", "record_all", "Entry"}


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def kinds_in(*trees):
    """Every kind that modules record: given to audit, or to a helper that hands it on."""
    writers = set(WRITERS)
    helpers = [function for tree in trees for function in functions(tree)]
    while more := {function.name for function in helpers if hands_on(function, writers)} - writers:
        writers |= more
    given = []
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and name_of(node) in writers:
            given += [*node.args, *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, ast.Assign) and any(re.search(r"\bEVENT|'kind'", ast.dump(to)) for to in node.targets):
            given.append(node.value)  # a table of kinds, or a kind chosen before the call
    constants = [inner for value in given for inner in ast.walk(value) if isinstance(inner, ast.Constant)]
    return {node.value for node in constants if isinstance(node.value, str) and KIND.match(node.value)}


def hands_on(function, writers):
    """Tell whether a function gives a parameter called kind to a writer."""
    parameters = {argument.arg for argument in function.args.args + function.args.kwonlyargs}
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and name_of(node) in writers]
    return any(isinstance(arg, ast.Name) and arg.id in parameters & {"kind"} for call in calls for arg in call.args)


def recorded():
    files = [
        file for app in APPS for file in Path(settings.BASE_DIR, app).rglob("*.py") if "migrations" not in file.parts
    ]
    return kinds_in(*(ast.parse(file.read_text()) for file in files))


def test_every_kind_that_code_records_is_told_or_silent_with_a_reason():
    assert recorded() - recipients.TABLE.keys() - recipients.SILENT.keys() == set()


def test_the_tables_name_no_kind_that_nobody_records():
    assert (recipients.TABLE.keys() | recipients.SILENT.keys()) - recorded() == set()


def test_no_kind_is_both_told_and_silent():
    assert not recipients.TABLE.keys() & recipients.SILENT.keys()


def test_the_search_for_kinds_sees_helpers_and_tables():
    source = """
EVENT = {"close": "case.closed"}
def _record(case, kind, *, by): audit.record("case", case.uuid, kind, by=by)
def verb(case): _record(case, "task.given" if case else "task.taken", by=None)
def other(case): audit.record("case", case.uuid, "case.noted", by=None)
def _entry(turn, kind): return Entry(kind, turn.at)
def _decide(turn, kind): turn.acts.append(_entry(turn, kind))
def stop(turn): _decide(turn, "clock.stopped")
def climb(step):
    kind = {1: "sla.breached"}.get(step, "sla.warned")
    return _entry(step, kind)
"""
    assert kinds_in(ast.parse(source)) == {
        "case.closed", "task.given", "task.taken", "case.noted", "clock.stopped", "sla.breached", "sla.warned",
    }  # fmt: skip


def named_templates():
    source = Path(settings.BASE_DIR, "notifications/recipients.py").read_text()
    named = {
        path.name.removesuffix(".subject.txt")
        for path in Path(settings.BASE_DIR, "templates/emails").glob("*.subject.txt")
    }
    return sorted(name for name in named if name in source or name.startswith("letter_"))


@pytest.mark.parametrize("template", named_templates())
def test_every_mail_has_a_subject_and_a_text(template):
    get_template(f"emails/{template}.subject.txt")
    get_template(f"emails/{template}.txt")
