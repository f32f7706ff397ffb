"""The README's pictures, taken of the demo; started by bin/screenshots."""

import argparse
import io
import sys
from pathlib import Path

from PIL import Image

from tests.browser.house import TOP, open_house
from tests.browser.person import Person
from tests.environment import CHROMIUM
from tests.look.conftest import FLAGS

FOLDER = TOP / "docs" / "screenshots"
MOST = 200_000  # bytes of one picture
DESK = {"width": 1440, "height": 1000}
PHONE = {"width": 390, "height": 844}
UNIT_3 = "Unit 3 vibrates at 1 450 rpm"  # of the demo: its cause is being looked for
NOISE = "Gearbox noise, batch B2309"  # of the demo: the remedy is being carried out


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/screenshots", description="Take the README's pictures anew.")
    parser.add_argument("--texts", type=Path, default=TOP.parent / "shared" / "data")
    texts = parser.parse_args().texts.resolve()
    if not CHROMIUM:
        sys.exit("Chromium is not here. Install it: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with open_house(texts=texts if texts.is_dir() else None) as house, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, page in pages(chromium, house):
            keep(name, page.screenshot())
        chromium.close()


def pages(chromium, house):
    """Yield each picture's name and the page that shows it."""
    quinn = Person(chromium, house, viewport=DESK).signs_in("quinn@demo.test")
    yield "queue", quinn.goes_to("/queue/?view=open").page
    yield "case", quinn.goes_to("/search/?q=Unit+3+vibrates").reads(UNIT_3).page
    lee = Person(chromium, house, viewport=DESK).signs_in("lee@demo.test")
    yield "dashboard", lee.goes_to("/dashboard/").page
    carla = Person(chromium, house, viewport=PHONE).signs_in("carla@acme.test")
    yield "portal", carla.goes_to("/portal/").reads(NOISE).page


def keep(name: str, png: bytes) -> None:
    """Write a picture in as few colours as keep it small. Raises RuntimeError if it is still too large."""
    file = FOLDER / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > MOST:
        raise RuntimeError(f"{file} has {file.stat().st_size} bytes, more than {MOST}.")


if __name__ == "__main__":
    main()
