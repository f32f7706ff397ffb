"""axe finds nothing serious on the main pages: wide and light in English, narrow and dark in Chinese."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = {
    "ada@demo.test": ("/queue/", "/cases/new/", "/cases/QC-2026-00001/", "/me/"),
    "lee@demo.test": ("/dashboard/", "/cases/QC-2026-00007/diagnosis/", "/cases/QC-2026-00007/remedy/", "/contracts/"),
    "carla@acme.test": ("/portal/", "/portal/cases/QC-2026-00007/", "/portal/new/"),
    "": ("/login/",),
}
SIGHTS = {
    "wide, light, English": {"language": "en", "color_scheme": "light"},
    "narrow, dark, Chinese": {"language": "zh-hans", "color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
ONLY_GRAVE = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_main_pages_have_no_serious_fault(come, sight):
    wrong = []
    for email, addresses in PAGES.items():
        person = come(email, **SIGHTS[sight])
        for address in addresses:
            person.goes_to(address)
            wrong += [f"{address}: {fault}" for fault in faults(person)]

    assert wrong == []


def faults(person) -> list[str]:
    """Return the serious and critical findings of the page that is shown."""
    found = Axe().run(person.page, options=ONLY_GRAVE).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    return [f"{one['id']} {node['target']} {node['html'][:120]}" for one in grave for node in one["nodes"][:3]]
