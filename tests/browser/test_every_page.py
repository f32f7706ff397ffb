"""Every page that a link leads to, for each kind of user: it answers, fits its window, and is in one language."""

import ast
import html
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

PEOPLE = {
    "agent": "ada@demo.test",
    "engineer": "quinn@demo.test",
    "manager": "lee@demo.test",
    "executive": "max@demo.test",
    "administrator": "root@demo.test",
    "customer": "carla@acme.test",
}
MOST = 120  # pages asked for, a person
EACH = 3  # pages of one shape, a person
DRAWN = 40  # shapes opened in the browser, a person
WIDTHS = (1440, 390)
CATALOGUE = Path(__file__).resolve().parents[2] / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
LEFT_OUT = re.compile(r"^/(static|x|i18n|logout|api)/|^/login/|/do/\w+/.*[?]|[?&](lang|resume)=|\.(csv|pdf)$")
TEXTS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), said = new Set();
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (!parent.closest("script, style, template, code, [lang='en']")) said.add(walk.currentNode.data.trim());
  }
  document.querySelectorAll("[placeholder], [aria-label], [title]").forEach(one =>
    ["placeholder", "aria-label", "title"].forEach(name => said.add(one.getAttribute(name) || "")));
  return [...said];
}"""
drawn: set[str] = set()  # shapes that were opened in the browser already, by whomever


@pytest.mark.parametrize("kind", PEOPLE)
def test_every_linked_page_answers_and_fits(come, kind):
    person = come(PEOPLE[kind])
    wrong, shapes = walk(person)
    fresh = [address for shape, address in shapes.items() if shape not in drawn][:DRAWN]
    drawn.update(shapes)
    for address in fresh:
        wrong += [f"{address} {fault}" for fault in draw(person, address)]

    assert len(shapes) > 3
    assert wrong == []


def test_no_page_in_chinese_keeps_an_english_message(come):
    messages = translated()
    wrong = []
    for email in ("lee@demo.test", "li.na@hnzb.test"):
        person = come(email, language="zh-hans").reads_in("zh-hans")
        for address in [one for one in walk(person)[1].values() if not one.startswith("/settings/ui/")]:
            person.goes_to(address)
            left = messages & set(person.page.evaluate(TEXTS))
            wrong += [f"{address}: {said}" for said in sorted(left)]
        person.reads_in("en")

    assert wrong == []


def walk(person) -> tuple[list[str], dict[str, str]]:
    """Ask for what the links lead to, page by page; return what is wrong, and one address of each shape."""
    waiting, asked, wrong, shapes, counts = ["/"], set(), [], {}, {}
    while waiting and len(asked) < MOST:
        address = waiting.pop(0)
        if address in asked or counts.get(shape(address), 0) >= EACH:
            continue
        asked.add(address)
        counts[shape(address)] = counts.get(shape(address), 0) + 1
        answer = person.context.request.get(person.house.url + address)
        if answer.status == 202:
            continue  # a letter that is still being made
        if answer.status != 200:
            wrong.append(f"{address} answers {answer.status}")
        elif answer.headers.get("content-type", "").startswith("text/html"):
            shapes.setdefault(shape(address), urlsplit(answer.url).path if address == "/" else address)
            waiting += links(answer.text(), address)
    return wrong, shapes


def links(page: str, base: str) -> list[str]:
    """Return the addresses within the house that a page leads to."""
    found = [html.unescape(link).split("#")[0] for link in re.findall(r'<a\b[^>]*?\bhref="([^"]+)"', page)]
    own = [urlsplit(base).path + link if link.startswith("?") else link for link in found]
    return [link for link in own if link.startswith("/") and not LEFT_OUT.search(link)]


def shape(address: str) -> str:
    """Return the address without what names a row: two cases have one shape."""
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]+-\d{4}-\d+|(?<=/)\d+(?=/)", "*", urlsplit(address).path)
    return re.sub(r"^/(contracts|products|customers|v)/[^/]+/", r"/\1/*/", path)


def draw(person, address: str) -> list[str]:
    """Open a page in the browser, wide and narrow; return what is wrong with it."""
    before = len(person.faults)
    person.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    person.goes_to(address)
    found = []
    for width in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": 900})
        over = person.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"is {over} px too wide at {width}"] if over > 0 else []
        if not person.page.locator("main").inner_text().strip():
            found.append(f"shows nothing at {width}")
    faults = person.faults[before:]
    del person.faults[before:]
    return found + faults


def translated() -> set[str]:
    """Return the messages that read differently in Chinese, without those that have blanks to fill."""
    found = set()
    for entry in CATALOGUE.read_text().split("\n\n"):
        said, chinese = _string(entry, "msgid"), _string(entry, "msgstr")
        if len(said) > 3 and chinese and chinese != said and not re.search(r"[%{]", said):
            found.add(said)
    return found


def _string(entry: str, name: str) -> str:
    lines = re.search(rf'^{name} ((?:"[^\n]*"\n?)+)', entry + "\n", re.M)
    return "".join(ast.literal_eval(line) for line in lines[1].split("\n") if line) if lines else ""
