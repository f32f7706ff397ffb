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


def kinds_in(tree):
    """Every kind that a module records: given to audit, or to a helper of the module that hands it on."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    writers = set(WRITERS)
    for function in functions(tree):
        inner = [node for node in ast.walk(function) if isinstance(node, ast.Call) and name_of(node) in writers]
        names = {argument.arg for argument in function.args.args + function.args.kwonlyargs}
        if any(
            isinstance(arg, ast.Name) and arg.id in names & {"kind", "event"} for call in inner for arg in call.args
        ):
            writers.add(function.name)
    given = [value for call in calls if name_of(call) in writers for value in call.args]
    given += [keyword.value for call in calls if name_of(call) in writers for keyword in call.keywords]
    for node in ast.walk(tree):  # tables of kinds: EVENT = {verb: kind}
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and "EVENT" in ast.dump(node.targets[0]):
            given += node.value.values
    constants = [inner for value in given for inner in ast.walk(value) if isinstance(inner, ast.Constant)]
    return {node.value for node in constants if isinstance(node.value, str) and KIND.match(node.value)}


def recorded():
    files = [
        path for app in APPS for path in Path(settings.BASE_DIR, app).rglob("*.py") if "migrations" not in path.parts
    ]
    return set().union(*(kinds_in(ast.parse(path.read_text())) for path in files))


def test_every_kind_that_code_records_is_told_or_silent_with_a_reason():
    assert recorded() - recipients.TABLE.keys() - recipients.SILENT.keys() == set()


def test_the_table_names_no_kind_that_nobody_records():
    assert (recipients.TABLE.keys() | recipients.SILENT.keys()) - recorded() == set()


def test_no_kind_is_both_told_and_silent():
    assert not recipients.TABLE.keys() & recipients.SILENT.keys()


def test_the_search_for_kinds_sees_helpers_and_tables():
    source = """
EVENT = {"close": "case.closed"}
def _record(case, kind, *, by): audit.record("case", case.uuid, kind, by=by)
def verb(case): _record(case, "task.given" if case else "task.taken", by=None)
def other(case): audit.record("case", case.uuid, "case.noted", by=None)
"""
    assert kinds_in(ast.parse(source)) == {"case.closed", "task.given", "task.taken", "case.noted"}


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
