"""The 8D report shows readings, fishbone and trees from its frozen facts alone, however large; older ones print too."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from pypdf import PdfReader

from accounts.models import Membership, User
from accounts.roles import Role
from complaints import cause_trees, letter_page, letters, measuring, rendering
from complaints.measuring import Limits
from complaints.models import Complaint
from complaints.outline import Row
from complaints.readings import read
from tests.complaints.worked_case import CHINESE, DAY, ENGLISH, RECEIVED, diagnosed

pytestmark = pytest.mark.django_db
LIMITS = Limits("Vibration, drive end 驱动端振动", "mm/s", upper=Decimal("4.5"), source="HT-2024-118 §4.1")
SURE = "CONFIRMED"


@transaction.atomic
def freeze(complaint, language: str = "en"):
    return letters.freeze(
        complaint, "EIGHT_D", by=complaint.owner, at=RECEIVED + 14 * DAY, send=False, language=language
    )


def text_of(pdf: bytes) -> str:
    return "".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def worked(words=ENGLISH) -> Complaint:
    """Return the worked case with readings, cards and a sample added by the verbs."""
    case = diagnosed(words)
    Complaint.objects.filter(pk=case.pk).update(state="DIAGNOSING")
    case = Complaint.objects.get(pk=case.pk)
    person = case.owner
    Membership.objects.get_or_create(
        user=person, organisation=person.organisation, role=Role.QE, defaults={"since": RECEIVED}
    )
    said = {"by": User.objects.get(pk=person.pk), "at": RECEIVED + 12 * DAY}
    on = (RECEIVED + 2 * DAY).date()
    meter = measuring.add_instrument(**said, code="VM-63", name="Vibration meter", name_zh="测振仪")
    measuring.calibrate(meter, **said, done_on=on - timedelta(days=400), due_on=on - timedelta(days=30))
    measuring.measure(case, limits=LIMITS, readings=read("4.9\n5.2\n5.6", "mm/s").reads, measured_on=on,
                      instrument=meter, **said)  # fmt: skip
    measuring.inspect_sample(case, what="Lot B2309", lot_size=120, level="II", aql=Decimal("1.0"), found=2,
                             inspected_on=on, **said)  # fmt: skip
    cards = [
        Row(text="Nozzle worn 喷嘴磨损", bone="MACHINE", result=SURE),
        Row(text="New fitter", bone="MAN", result="EXCLUDED"),
    ]
    cause_trees.write_causes(case, part="ISHIKAWA", rows=cards, **said)
    return case


@pytest.mark.parametrize(
    ("language", "words", "wanted"),
    [
        ("en", ENGLISH, ("Vibration,driveend", "outsidethecalibrationoftheinstrument", "Nonconforming", "Lotrefused",
                         "Nozzleworn", "Machine", "therefore")),
        ("zh-hans", CHINESE, ("驱动端振动", "超出仪器校准有效期", "不合格", "拒收", "喷嘴磨损", "机", "因此")),
    ],
)  # fmt: skip
def test_the_report_shows_readings_sample_fishbone_and_chain(language, words, wanted):
    letter = freeze(worked(words), language)

    first, undrawn = rendering.pdf_of(letter)

    assert (undrawn, [said for said in wanted if said not in text_of(first)]) == ("", [])
    assert rendering.pdf_of(type(letter).objects.get(pk=letter.pk))[0] == first


def test_what_is_changed_later_does_not_change_the_letter():
    case = worked()
    letter = freeze(case)
    before, _ = letter_page.printed(letter)
    said = {"by": case.owner, "at": RECEIVED + 13 * DAY}
    measuring.withdraw_measurement(case.measurements.get(), why="wrong sensor", **said)
    cause_trees.write_causes(case, part="ISHIKAWA", rows=[], **said)

    assert letter_page.printed(letter)[0] == before


def test_a_report_frozen_before_there_were_readings_still_prints():
    letter = freeze(worked())
    for name in ("measured", "samples"):
        del letter.facts["d2"][name]
    del letter.facts["d4"]["long"]
    for leg in letter.facts["d4"]["legs"]:
        del leg["readback"]

    pdf, _ = rendering.pdf_of(letter)

    assert "Vibration,driveend" not in text_of(pdf)
    assert "Nozzle" in text_of(pdf)


def test_a_tree_of_two_hundred_answers_runs_over_pages_and_none_is_cut():
    case = worked()
    said = {"by": case.owner, "at": RECEIVED + 12 * DAY}
    rows = [Row(level=1 + n % 12, text=f"answer-{n}.", evidence="seen") for n in range(200)]
    cause_trees.write_causes(case, part="SYSTEM", rows=rows, **said)

    pdf, _ = rendering.pdf_of(freeze(case))

    text = text_of(pdf)
    assert [n for n in range(200) if f"answer-{n}." not in text] == []
