"""What the scripts add to the pages, in a real browser."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLOCK = "() => document.querySelector('.clock.is-%s')?.textContent.trim()"
LATER = "(minutes) => { const now = Date.now; Date.now = () => now() + minutes * 60000; }"


def tick(page) -> None:
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def test_a_clock_ticks_by_the_time_that_passed(page):
    page.evaluate(LATER, 5)
    tick(page)

    assert page.evaluate(CLOCK % "critical").startswith("4 m left")
    assert page.evaluate(CLOCK % "over").startswith("2 h 15 m over")


def test_a_clock_that_runs_out_changes_its_word_and_its_icon(page):
    page.evaluate(LATER, 12)
    tick(page)

    texts = page.locator(".clock.is-over").all_text_contents()
    assert any("2 m over" in text and "customer update" in text for text in texts)
    assert page.locator(".clock.is-critical[data-clock]").count() == 0
    assert page.locator("#status").text_content().count("customer update") >= 1


def test_a_wrong_clock_on_the_device_changes_nothing(browser, page):
    page.add_init_script("const now = Date.now; Date.now = () => now() + 3 * 3600000;")
    page.reload()

    assert page.evaluate(CLOCK % "critical").startswith("9 m left")


def test_keys_press_what_they_name_but_not_while_typing(page):
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"

    page.keyboard.type("c?")
    assert page.url.endswith("/settings/ui/")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_url("**/help/keys/")


def test_keys_wait_for_an_input_method(page):
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true}))"
    )

    assert page.url.endswith("/settings/ui/")


def test_j_and_k_walk_a_list(page):
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")

    assert page.evaluate("document.activeElement.textContent") == "QC-2026-00121"
    assert page.locator("tr.is-cursor").count() == 1


def test_a_draft_is_kept_after_a_pause_and_says_so(page):
    with page.expect_request("**/x/draft/") as sent:
        page.fill("#id_customer", "Goldwind Hami")

    assert "key=ui" in sent.value.post_data
    assert "Goldwind" in sent.value.post_data
    assert "csrfmiddlewaretoken" not in sent.value.post_data
    page.locator("[data-draft-note]", has_text="Draft saved").wait_for()


def test_files_add_up_and_can_be_taken_out(page):
    drop = page.locator("[data-upload] input[type=file]")
    drop.set_input_files([{"name": "one.txt", "mimeType": "text/plain", "buffer": b"1"}])
    drop.set_input_files([{"name": "two.txt", "mimeType": "text/plain", "buffer": b"2"}])
    count = "document.querySelector('[data-upload] input').files.length"
    assert page.evaluate(count) == 2

    page.get_by_role("button", name="Remove one.txt").click()

    assert page.evaluate(count) == 1
    assert page.locator("[data-list]").text_content().count("two.txt") == 1


def test_the_person_menu_closes_on_escape_and_gives_the_focus_back(page):
    page.locator(".menu > summary").click()
    page.keyboard.press("Escape")

    assert page.locator(".menu[open]").count() == 0
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_form_with_errors_starts_at_its_summary(page):
    assert page.evaluate("document.activeElement.matches('[data-focus]')")


@pytest.mark.parametrize("width", [320, 390, 720, 1440])
def test_the_page_never_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_place_and_act_is_reached_by_its_name(page):
    page.keyboard.press("Control+k")
    page.keyboard.type("visi")

    assert page.locator("[data-palette] [role=option]").all_text_contents() == ["VisitsG V"]

    page.keyboard.press("Enter")
    page.wait_for_url("**/visits/")


def test_words_that_name_no_place_are_searched_for(page):
    page.keyboard.press("Control+k")
    page.keyboard.type("gearbox")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=gearbox")


def test_the_palette_closes_on_escape_and_gives_the_focus_back(page):
    page.focus("input[data-key='/']")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")

    assert page.locator("[data-palette][open]").count() == 0
    assert page.evaluate("document.activeElement.name") == "q"
