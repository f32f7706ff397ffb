"""What must be documented is (STYLE 31)."""

import re
from pathlib import Path

import pytest

from config import celery

HOUSE = Path(__file__).resolve().parents[2]
PAGES = {path: path.read_text(encoding="utf-8") for path in sorted((HOUSE / "docs").rglob("*.md"))}
README = HOUSE / "README.md"


@pytest.mark.parametrize("task", [entry["task"] for entry in celery.PERIODIC_WORK.values()])
def test_each_periodic_task_stands_in_the_page_on_operations(task):
    assert f"`{task}`" in PAGES[HOUSE / "docs" / "operations.md"]


def test_decisions_are_numbered_without_gaps():
    numbers = [path.name[:4] for path in PAGES if path.parent.name == "decisions"]

    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("page", [*PAGES, README], ids=lambda page: page.name)
def test_every_file_that_a_page_links_to_is_there(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    missing = [link for link in links if not (page.parent / link).exists() and not link.endswith(".png")]
    assert missing == []


def test_each_command_of_the_readme_is_there():
    for name in re.findall(r"`(bin/\w+)", README.read_text(encoding="utf-8")):
        assert (HOUSE / name).exists(), name


def test_each_script_stands_in_the_page_on_operations():
    page = PAGES[HOUSE / "docs" / "operations.md"]

    scripts = [path.name for path in (HOUSE / "bin").iterdir() if path.is_file() and not path.name.startswith("_")]

    assert [name for name in scripts if f"`bin/{name}" not in page] == []


def test_the_chinese_of_the_glossary_is_the_one_that_people_read():
    table = PAGES[HOUSE / "docs" / "glossary.md"].partition("## In the code")[0]
    catalogue = (HOUSE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")

    terms = [term for cell in re.findall(r"[^|]*[\u4e00-\u9fff][^|]*", table) for term in cell.strip().split(" / ")]

    assert [term for term in terms[1:] if term not in catalogue and term != "中文"] == []
    assert len(terms) > 60
