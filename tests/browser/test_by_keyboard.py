"""Job 3 of UX §6 by keyboard alone: five whys, five readings, and on to the next step, within its budget of keys."""

import re

from tests.browser.person import Person

BUDGET = 16
CASE = "Unit 3 vibrates at 1 450 rpm"  # of the demo: its diagnosis has begun
WHYS = (
    "The final run is short",
    "It was set for another size",
    "Nobody compares the two",
    "The list is old",
    "No owner",
)
READINGS = "S1\t4.9\nS2\t5.2 mm/s\n\nS3\t５．０\nS4\t0.0056 m/s\nS5\t5.3"


class Keys:
    """A person's keyboard that counts commands; text that is typed or pasted counts as none."""

    def __init__(self, person: Person) -> None:
        self.person, self.pressed = person, 0

    def press(self, key: str, *, until: str = "") -> None:
        self.pressed += 1
        self.person.page.keyboard.press(key)
        if until:
            self.person.page.wait_for_url(re.compile(until))

    def types(self, text: str) -> None:
        self.person.page.keyboard.insert_text(text)


def test_five_whys_and_five_readings_are_recorded_without_the_mouse(come):
    quinn = come("quinn@demo.test")
    quinn.goes_to("/cases/?stage=diagnose").reads(CASE)
    keys = Keys(quinn)

    keys.press("d", until="/diagnosis/")
    keys.press("w", until="/do/write_causes/")
    for why in WHYS:
        keys.press("Enter")
        keys.types(why)
    quinn.shows("causes-form")
    keys.press("Control+Enter", until="/diagnosis/")
    keys.press("m", until="/do/measure/")
    keys.types(READINGS)
    keys.press("Control+Enter", until="/diagnosis/")

    said = quinn.text()
    quinn.shows("causes")
    assert keys.pressed <= BUDGET - 2  # two are left for the next step: E, Enter
    assert all(why in said for why in WHYS)
    assert "0.0056 m/s" not in said
    assert quinn.page.locator("#measurements svg.strip").count() >= 1


def test_a_row_moves_and_goes_by_keys_that_never_take_those_of_the_text(come):
    quinn = come("quinn@demo.test")
    quinn.goes_to("/cases/?stage=diagnose").reads(CASE)
    quinn.follows("/diagnosis/").follows("part=ESCAPE")
    keys = Keys(quinn)
    texts = quinn.page.locator(".causerow__text")
    texts.first.wait_for()
    quinn.page.wait_for_load_state()  # the keys are the scripts' from then on
    before = texts.count()

    keys.types("first")
    keys.press("Shift+Enter")
    keys.types("second")
    keys.press("Alt+ArrowUp")
    assert [texts.nth(n).input_value() for n in range(before - 1, before + 1)] == ["second", "first"]
    keys.press("Control+Backspace")
    assert texts.count() == before + 1  # the word went, the row stayed
    keys.press("Backspace")
    assert [texts.nth(n).input_value() for n in range(before - 1, before)] == ["first"]
    assert quinn.page.locator("[data-no]").last.inner_text() == "1"
