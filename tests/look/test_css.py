"""What the style sheets promise: colours only in the tokens, readable contrast, and a weight that phones can carry."""

import gzip
import re
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings
from django.core.files import File

from config.static import NamedByContent

STATIC = settings.BASE_DIR / "static"
CSS = STATIC / "css"
TOKENS = ("tokens.css", "tokens-fallback.css", "tokens-print.css")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch)\(|[:\s,](?:white|black|red|gr[ea]y|blue)\b(?=[\s;,)])",
    re.I,
)
STAFF = ("reset", "tokens", "base", "layout", "components", "pages", "print")
PORTAL = ("tokens-fallback", "tokens", "portal")


def weight(paths) -> int:
    """Return the bytes of `paths`, each compressed as the server sends it."""
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css") if path.name not in TOKENS))
def test_colours_stand_only_in_the_tokens(sheet):
    found = COLOUR.findall(without_comments((CSS / sheet).read_text()))

    assert not found


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_nothing_is_forced(sheet):
    assert "!important" not in without_comments((CSS / sheet).read_text())


def test_every_token_that_is_used_is_defined():
    known = set(re.findall(r"(--[\w-]+)\s*:", "".join(path.read_text() for path in CSS.glob("*.css"))))
    used = set(re.findall(r"var\((--[\w-]+)\)", "".join(path.read_text() for path in CSS.glob("*.css"))))

    assert used <= known


def test_the_staff_pages_stay_light():
    assert weight(CSS / f"{name}.css" for name in STAFF) <= 30_000


def test_the_portal_stays_light():
    assert weight(CSS / f"{name}.css" for name in PORTAL) <= 14_000


def test_the_scripts_stay_light():
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"

    assert weight([htmx, *(STATIC / "js").glob("*.js")]) <= 45_000


@pytest.mark.parametrize("module", sorted(path.name for path in (STATIC / "js").glob("*.js")))
def test_a_module_fits_on_a_page(module):
    assert len((STATIC / "js" / module).read_text().splitlines()) < 60


# Contrast (WCAG 2.2: 4.5 for text, 3 for controls, focus and figures) ------------------------------------------------
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("bg-page", "bg-card", "bg-sunken", "bg-raised", "bg-hover", "bg-selected", "bg-internal")
STATES = ("ok", "warn", "danger", "info", "idle", "incident")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3", "link", "link-visited") for ground in GROUNDS),
    *((state, f"{state}-soft", TEXT) for state in STATES),
    *((state, ground, TEXT) for state in STATES for ground in ("bg-card", "bg-page", "bg-hover", "bg-selected")),
    *((f"on-{state}", f"{state}-solid", TEXT) for state in ("ok", "warn", "danger", "incident")),
    *((f"{state}-solid", "bg-card", SHAPE) for state in ("ok", "danger", "incident")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    *(
        (sign, ground, SHAPE)
        for sign in ("focus", "accent")
        for ground in GROUNDS
        if ground not in ("bg-hover", "bg-internal")
    ),
    *(("line-strong", ground, SHAPE) for ground in ("bg-card", "bg-page", "bg-raised")),
    *((f"c{number}", "bg-card", SHAPE) for number in range(1, 7)),
    *((f"on-h{number}", f"h{number}", TEXT) for number in range(5)),
]


def tokens() -> dict[str, tuple[str, str]]:
    """Return each colour's value by name: (in light, in dark)."""
    found = re.findall(
        r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", (CSS / "tokens.css").read_text()
    )
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("theme", "name"), [(0, "light"), (1, "dark")])
def test_what_must_be_read_can_be_read(theme, name):
    colours = tokens()
    weak = [
        f"{front} on {ground}: {contrast(colours[front][theme], colours[ground][theme]):.2f}"
        for front, ground, least in PAIRS
        if contrast(colours[front][theme], colours[ground][theme]) < least
    ]

    assert not weak


def test_old_browsers_get_the_light_values():
    fallback = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", (CSS / "tokens-fallback.css").read_text()))

    assert fallback == {name: light for name, (light, _dark) in tokens().items()}


def test_a_release_names_the_modules_of_its_scripts_by_content(tmp_path):
    kept = NamedByContent(location=tmp_path, base_url="/static/")
    for module in (STATIC / "js").glob("*.js"):
        kept.save(f"js/{module.name}", File(module.open("rb")))

    list(kept.post_process({f"js/{path.name}": (kept, f"js/{path.name}") for path in (tmp_path / "js").glob("*.js")}))

    app = (tmp_path / kept.stored_name("js/app.js")).read_text()
    assert re.search(r'import ?"\./clock\.[0-9a-f]{12}\.js"', app)
