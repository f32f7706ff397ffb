"""What the demo's vibration cases show of cause work: readings, a fishbone, trees in three legs, and weak reasoning."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from complaints import cause_trees, measuring
from complaints.days import customer_date
from complaints.measuring import Limits
from complaints.models import CauseNode, Instrument
from complaints.outline import Row
from complaints.readings import read

if TYPE_CHECKING:
    from remediation.demo.walk import Walk

SURE, OUT = "CONFIRMED", "EXCLUDED"
# bone, text, evidence, result
CARDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "en": (
        ("MAN", "New fitter on the night shift", "Both shifts show it", OUT),
        ("MACHINE", "Nozzle of grease dispenser 2 worn", "0.6 mm wider than new", SURE),
        ("MACHINE", "Press tool out of true", "Run-out 0.01 mm, allowed 0.02 mm", OUT),
        ("MATERIAL", "Bearing from another lot", "Lot trace: same lot in sound units", OUT),
        ("MATERIAL", "Grease separated in the drum", "Cone test of the drum", OUT),
        ("METHOD", "No weight check after greasing", "Control plan rev C has no such step", SURE),
        ("ENVIRONMENT", "Cold assembly hall in February", "", "OPEN"),
        ("MEASUREMENT", "Acceptance run too short to show it", "Vibration rises after 40 h only", SURE),
    ),
    "zh": (
        ("MAN", "夜班新装配工", "两个班次均出现", OUT),
        ("MACHINE", "2 号注脂机注脂嘴磨损", "嘴径大 0.6 mm", SURE),
        ("MACHINE", "压装工装偏心", "跳动 0.01 mm，允许 0.02 mm", OUT),
        ("MATERIAL", "轴承批次不同", "批次追溯：正常机组同批", OUT),
        ("MATERIAL", "桶内润滑脂分层", "该桶锥入度试验正常", OUT),
        ("METHOD", "注脂后不称重", "控制计划 C 版无此工序", SURE),
        ("ENVIRONMENT", "二月装配车间温度低", "", "OPEN"),
        ("MEASUREMENT", "出厂试车时间过短", "振动 40 h 后才上升", SURE),
    ),
}
SYSTEM: dict[str, tuple[Row, ...]] = {
    "en": (
        Row(text="Wear parts of assembly machines are in no maintenance plan", evidence="MP-14 rev C", result=SURE),
        Row(
            level=2, text="Release of new machines asks for no list of wear parts", evidence="PR-22 rev B", result=SURE
        ),
    ),
    "zh": (
        Row(text="装配设备的易损件不在任何保养计划中", evidence="MP-14 C 版", result=SURE),
        Row(level=2, text="新设备放行时不要求易损件清单", evidence="PR-22 B 版", result=SURE),
    ),
}
HALF: dict[str, tuple[Row, ...]] = {
    "en": (
        Row(text="The bearing's inner ring is damaged", evidence="Endoscopy, photo 2", result=SURE),
        Row(level=2, text="Grease is below the specified quantity", evidence="301 g instead of 420 g", result=SURE),
        Row(level=3, text="Operator error at dispenser 2", test="Ask both shifts"),
        Row(level=3, text="The dispenser's nozzle is worn"),
        Row(level=2, text="The bearing came from another lot", evidence="Lot trace", result=OUT),
    ),
    "zh": (
        Row(text="轴承内圈损伤", evidence="内窥镜照片 2", result=SURE),
        Row(level=2, text="润滑脂低于规定量", evidence="301 g，规定 420 g", result=SURE),
        Row(level=3, text="员工操作失误", test="询问两个班次"),
        Row(level=3, text="注脂嘴磨损"),
        Row(level=2, text="轴承批次不同", evidence="批次追溯", result=OUT),
    ),
}
NAMED = {"en": ("Vibration velocity, drive end", "Grease per bearing"), "zh": ("驱动端振动速度", "每套轴承注脂量")}
WHAT = {"en": "Sister gearboxes of the lot, grease by weight", "zh": "同批齿轮箱，注脂量称重"}


def whole(walk: Walk) -> None:
    """Write the readings, the fishbone and the system leg of a vibration case that is being diagnosed."""
    if walk.story.family != "vibration":
        return
    quinn, language = walk.by("quinn"), walk.story.language
    _measure(walk, "VM-63", 0, ("4.9", "5.2", "5.0", "5.6", "5.3"), upper="4.5")
    _measure(walk, "WG-12", 1, ("301", "312.5", "428", "431"), lower="420", upper="460")
    if walk.case.lot:
        measuring.inspect_sample(
            walk.case, by=quinn, at=walk.at(69), what=WHAT[language], lot_size=120, level="II", aql=Decimal("1.0"),
            found=3, inspected_on=_today(walk),
        )  # fmt: skip
    cards = [Row(bone=bone, text=text, evidence=seen, result=result) for bone, text, seen, result in CARDS[language]]
    cause_trees.write_causes(walk.case, by=quinn, at=walk.at(70), part="ISHIKAWA", rows=cards)
    cause_trees.write_causes(walk.case, by=quinn, at=walk.at(71), part="SYSTEM", rows=SYSTEM[language])


def half(walk: Walk) -> None:
    """Write the beginning of a diagnosis whose reasoning is still weak, measured with an instrument past its date."""
    if walk.story.family != "vibration":
        return
    quinn, language = walk.by("quinn"), walk.story.language
    _measure(walk, "VM-58", 0, ("4.9", "5.2", "5.6"), upper="4.5")
    cards = [Row(bone=bone, text=text, evidence=seen, result=result) for bone, text, seen, result in CARDS[language]]
    cause_trees.write_causes(walk.case, by=quinn, at=walk.at(35), part="ISHIKAWA", rows=cards)
    cause_trees.write_causes(walk.case, by=quinn, at=walk.at(36), part="OCCURRENCE", rows=HALF[language])
    card = CauseNode.objects.get(complaint=walk.case, bone="METHOD", removed_at=None)
    cause_trees.promote_bone(walk.case, by=quinn, at=walk.at(37), bone=card, leg="SYSTEM")


def _measure(walk: Walk, code: str, named: int, readings: tuple[str, ...], **limits: str) -> None:
    unit = ("mm/s", "g")[named]
    exact: dict[str, Any] = {name: Decimal(value) for name, value in limits.items()}
    known = next((one for one in measuring.known_limits(walk.case).values() if one.unit == unit), None)
    own = Limits(NAMED[walk.story.language][named], unit, source=("ISO 20816-3, B/C", "PS-0714 rev D")[named], **exact)
    measuring.measure(
        walk.case, by=walk.by("quinn"), at=walk.at(34 if code == "VM-58" else 62 + named), limits=known or own,
        readings=read("\n".join(readings), unit).reads, measured_on=_today(walk),
        instrument=_instrument(walk, code), uncertainty=Decimal(("0.2", "2")[named]),
    )  # fmt: skip


def _today(walk: Walk) -> date:
    return customer_date(walk.case, walk.last)


def _instrument(walk: Walk, code: str) -> Instrument:
    """Return the instrument, put on the register at first use; VM-58 is one whose calibration has run out."""
    found = Instrument.objects.filter(code=code).first()
    if found:
        return found
    name, name_zh = {"W": ("Bench scale", "台秤"), "V": ("Vibration meter", "测振仪")}[code[0]]
    keeper, today = walk.by("quinn"), walk.now.date()
    made = measuring.add_instrument(by=keeper, at=walk.now, code=code, name=name, name_zh=name_zh)
    done = today - timedelta(days=500 if code == "VM-58" else 340)
    days = 365 if code == "VM-58" else 730
    measuring.calibrate(
        made, by=keeper, at=walk.now, done_on=done, due_on=done + timedelta(days=days), certificate=f"CAL-{code}-07"
    )
    return made
