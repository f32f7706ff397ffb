"""
A person at the browser: signs in, follows links, fills forms by the names of their fields, presses their button.

Everything goes by what the page offers: an act that no link leads to fails the test, since nobody could do it.
Links and fields are found by address and name, so the same steps walk the pages in every language.
"""

import os
import re
from pathlib import Path
from typing import Any

from tests.browser.house import PASSWORD, House

SHOTS = os.environ.get("REDRESS_SHOTS")
# what the console says where nothing is wrong: a refusal, and htmx dropping a look-up that a newer one replaces
EXPECTED = re.compile(r"status of (409|422|403|404|401)|htmx:(sendAbort|afterRequest)")
ONLY = object()  # the only choice, or the first that is offered; a number means the one in that place, from 0


class Person:
    """`page` is Playwright's; `faults` collects script errors, refused content and server errors on the way."""

    def __init__(self, chromium: Any, house: House, *, language: str = "en", scripts: bool = True, **options: Any):
        self.house, self.language, self.ref = house, language, ""
        shown = {"viewport": {"width": 1440, "height": 900}, "locale": {"en": "en-GB"}.get(language, "zh-CN")}
        self.context = chromium.new_context(java_script_enabled=scripts, **{**shown, **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._console)
        self.page.on("response", self._response)

    def _console(self, line: Any) -> None:
        if line.type == "error" and not EXPECTED.search(line.text):
            self.faults.append(f"{self.page.url}: {line.text}")

    def _response(self, response: Any) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.url}: {response.status}")

    # Going about -----------------------------------------------------------------------------------------------------

    def goes_to(self, path: str) -> "Person":
        answer = self.page.goto(path if path.startswith("http") else self.house.url + path)
        assert answer is None or answer.status < 400, f"{path} answers {answer.status}"
        return self

    def signs_in(self, email: str, at: str = "/login/") -> "Person":
        """Sign in at the door that `at` leads to."""
        self.goes_to(at)
        return self.enters(email)

    def enters(self, email: str) -> "Person":
        """Fill the sign-in form that is shown."""
        form = self.page.locator("form:has([name=login])")
        form.locator("[name=login]").fill(email)
        form.locator("[name=password]").fill(PASSWORD)
        form.locator("button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/login/" not in url)
        return self.reads_in(self.language)

    def reads_in(self, language: str) -> "Person":
        """Switch the pages to a language, if they are in another."""
        switch = self.page.locator(f'button[name=language][value="{language}"]')
        if switch.count():
            with self.page.expect_navigation():
                switch.first.click()
        return self

    def follows(self, address: str) -> "Person":
        """Follow the first link on this page whose address holds `address`."""
        link = self.page.locator(f'main a[href*="{address}"], a[href*="{address}"]').first
        assert link.count(), f"{self.page.url} has no link to {address}"
        self._press(link)
        return self

    def reads(self, title: str) -> "Person":
        """Open the case with that title from the list that is shown."""
        row = self.page.locator("main tr", has_text=title).locator("a.table__link")
        self._press(self.page.locator("main a", has_text=title).or_(row).first)
        self.page.wait_for_url(re.compile("/cases/"))
        return self

    def finds(self, ref: str) -> "Person":
        """Search for a case by its number and open it."""
        self.goes_to("/queue/") if not self.page.locator(".top__search").count() else None
        box = self.page.locator(".top__search [name=q]")
        box.fill(ref)
        box.press("Enter")
        self.page.wait_for_url(re.compile(rf"/search/|/cases/{ref}/"))
        if f"/cases/{ref}/" not in self.page.url:
            self.follows(f"/cases/{ref}/")
        self.page.wait_for_url(re.compile(rf"/cases/{ref}/"))
        self.ref = ref
        return self

    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def main(self) -> str:
        return self.page.locator("main").inner_text()

    def shows(self, name: str) -> None:
        """Take a picture of the page if $REDRESS_SHOTS names a folder."""
        if SHOTS:
            folder = Path(SHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=folder / f"{name}-{self.language}.png", full_page=True)

    # Acting on a case ------------------------------------------------------------------------------------------------

    def does(self, act: str, said: dict[str, Any] | None = None, *, then: str = "", **more: Any) -> "Person":
        """
        Do an act of the case that is open: find its link on the page or on one of the tabs, fill its form, send it.

        said, more: what is filled in, by field name.  then: a picture of the form, under this name.
        """
        self._press(self._offered(f"/cases/{self.ref}/do/{act}/"))
        self.page.wait_for_url(re.compile(f"/do/{act}/"))
        self.fills({**(said or {}), **more})
        if then:
            self.shows(then)
        return self.sends()

    def _offered(self, address: str) -> Any:
        link = self.page.locator(f'a[href*="{address}"]').first
        if link.count():
            return link
        tabs = self.page.locator(f'a[href^="/cases/{self.ref}/"]')
        seen = list(dict.fromkeys(tabs.evaluate_all("links => links.map(a => a.getAttribute('href').split('#')[0])")))
        for tab in [one for one in seen if re.fullmatch(rf"/cases/{self.ref}/(\w*/)?", one)]:
            self.goes_to(tab)
            if link.count():
                return link
        offered = sorted(set(re.findall(rf"/cases/{self.ref}/do/(\w+)/", self.page.content())))
        raise AssertionError(f"no page of {self.ref} offers {address} to this person; the last one offers {offered}")

    def writes(self, kind: str, body: str, **files: str) -> "Person":
        """Write a note or a reply on the case that is open."""
        tab = self.page.locator(f".composer__tab:has([value={kind}])")
        if tab.is_visible():
            tab.click()
        self.fills({"body": body, **files}, f"form#{kind}")
        return self.sends(f"form#{kind} [data-submit]")

    def reads_ref(self) -> str:
        """Return the number of the case whose page is open."""
        found = re.search(r"/cases/([A-Z]+-\d{4}-\d+)/", self.page.url)
        assert found, f"{self.page.url} is not a case: {self.refusal()}"
        return found[1]

    def fills(self, said: dict[str, Any], form: str = "main form") -> "Person":
        for name, value in said.items():
            field = self.page.locator(f'{form} [name="{name}"]')
            assert field.count(), f"{self.page.url} does not ask for {name}"
            self._fill(field, value)
        return self

    def _fill(self, field: Any, value: Any) -> None:
        kind = field.first.evaluate("field => field.tagName == 'SELECT' ? 'select' : field.type")
        self._unfold(field.first)
        if kind == "select":
            self._select(field.first, value)
        elif kind in ("radio", "checkbox"):
            self._tick(field, value)
        elif kind == "file":
            field.first.set_input_files(value)
        elif kind != "hidden":
            field.first.fill(str(value))

    def _select(self, field: Any, value: Any) -> None:
        if value is ONLY or isinstance(value, int):
            values = field.locator("option").evaluate_all("options => options.map(o => o.value).filter(v => v)")
            place = 0 if value is ONLY else value
            assert len(values) > place, f"{self.page.url} does not offer enough to choose from: {values}"
            value = values[place]
        field.select_option(value)

    def _tick(self, boxes: Any, value: Any) -> None:
        wanted = [value] if not isinstance(value, list) else value
        for one in wanted:
            box = boxes.first if one is True or one is ONLY else boxes.and_(self.page.locator(f'[value="{one}"]'))
            if not box.is_checked():
                label = self.page.locator(f'label[for="{box.get_attribute("id")}"]')
                (label.first if label.count() else box).click()
            assert box.is_checked(), f"{self.page.url}: {one} cannot be ticked"

    def sends(self, button: str = "") -> "Person":
        """Press the button of the form and read the answer; a refusal fails with its sentences."""
        pressed = self.page.locator(button or "main form [data-submit], main form button[type=submit]").first
        with self.page.expect_navigation(timeout=30_000) as answer:
            pressed.click()
        if answer.value and answer.value.status >= 400:
            raise AssertionError(f"{self.page.url} answers {answer.value.status}: {self.refusal()}")
        return self

    def refusal(self) -> str:
        """Return why the page that is shown refuses, in its own words."""
        said = self.page.locator(".errsum, .field__error, .note--late, h1").all_inner_texts()
        return " | ".join(" ".join(words.split()) for words in said)

    def _press(self, link: Any) -> None:
        self._unfold(link)
        link.click()

    def _unfold(self, target: Any) -> None:
        """Open the closed folds around something, from the outside in."""
        for fold in target.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("xpath=./summary").click()
