"""The demo's own cases: who says what about which goods, how grave it is, how old, and how far it has come."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Story:
    """One case. age: days since receipt; pace: 1 is on time, above it late; until: the state it has reached."""

    family: str
    language: str
    customer: str
    title: str
    description: str
    until: str
    age: float
    grade: str = "G3"
    pace: float = 1.0
    contact: tuple[str, str, str] = ("", "", "")
    facts: dict[str, Any] = field(default_factory=dict)
    product: str = ""
    contract: str = ""
    lot: str = ""
    rounds: int = 0  # counter-offers before acceptance
    said: str = ""  # what the customer wrote later


CARLA = ("Carla Brandt", "carla@acme.test", "+49 40 5550 1402")
LI = ("李娜", "li.na@hnzb.test", "138 0013 1402")
MALLORY = ("Mallory Reed", "mallory@rival.test", "+44 20 7946 0018")
GEAR: dict[str, Any] = {"product": "WT-G3", "contract": "SC-041-NF", "lot": "B2309-77"}
GEAR_ZH: dict[str, Any] = {"product": "WT-G3", "contract": "HT-ZB-118", "lot": "B2309-78"}
PUMP_ZH: dict[str, Any] = {"product": "P-60", "contract": "HT-ZB-118", "lot": "P60-2411"}
PUMP: dict[str, Any] = {"product": "P-60", "contract": "SC-077-RV", "lot": "P60-2502"}
STEEL: dict[str, Any] = {"product": "CS-Z275", "contract": "SC-052-CS", "lot": "C-88121"}
ONE_OF_SIX: dict[str, Any] = {
    "quantity_affected": "1",
    "quantity_delivered": "6",
    "unit": "pcs",
    "found_where": "IN_USE",
}
ONE_OF_TWENTY: dict[str, Any] = {
    "quantity_affected": "1",
    "quantity_delivered": "20",
    "unit": "台",
    "found_where": "IN_USE",
}
THREE_OF_FORTY: dict[str, Any] = {
    "quantity_affected": "3",
    "quantity_delivered": "40",
    "unit": "台",
    "found_where": "IN_USE",
}
TWO_OF_TWELVE: dict[str, Any] = {
    "quantity_affected": "2",
    "quantity_delivered": "12",
    "unit": "pcs",
    "found_where": "INCOMING",
}
STRIP: dict[str, Any] = {
    "quantity_affected": "12",
    "quantity_delivered": "84.5",
    "unit": "t",
    "found_where": "INCOMING",
}

STORIES: list[Story] = [
    Story("vibration", "zh", "HNZB", "3 号机组 1 450 r/min 时振动", "3 号机组从周一开始在 1 450 r/min 时振动明显，昨天傍晚已停机。其余机组运行正常。首次提款日临近，银行要求机组全部投运。", "RESPONDING", 0.9, "G2", contact=LI, facts={**ONE_OF_TWENTY, "safety": "NO", "work_stopped": True, "milestone_at_risk": True, "serial": "G3-0503", "remedy_asked": ["REWORK", "COMPENSATION"]}, said="调试记录已经找到，随后发给你们。", **GEAR_ZH),
    Story("vibration", "en", "ACME", "Unit 3 vibrates at 1 450 rpm", "Unit 3 has vibrated at 1 450 rpm since Monday. We stopped it yesterday evening. The other five run normally. Final acceptance is close and the bank wants all six in operation.", "DIAGNOSING", 3.2, "G2", contact=CARLA, facts={**ONE_OF_SIX, "safety": "NO", "work_stopped": True, "serial": "G3-0413", "remedy_asked": ["REWORK", "COMPENSATION"]}, said="The commissioning record is attached to our mail of this morning.", **GEAR),
    Story("leak", "zh", "HNZB", "三台液压泵轴封漏油", "三台 P-60 泵运行约 300 小时后轴封漏油，地面已有油迹，现场已放接油盘。请尽快安排处理。", "RECEIVED", 0.08, "G3", contact=LI, facts={**THREE_OF_FORTY, "safety": "NO", "remedy_asked": ["PARTS"]}, **PUMP_ZH),
    Story("coating", "en", "ACME", "Coating peels at the strip edge", "After bending, the zinc coating peels off over about 40 mm from the edge. We found it at incoming inspection on two coils and have stopped using them.", "TRIAGED", 0.25, "G3", contact=CARLA, facts={**STRIP, "safety": "NO", "remedy_asked": ["REPLACEMENT", "PRICE_REDUCTION"]}, **STEEL),
    Story("leak", "en", "RIVAL", "Two pumps leak at the shaft seal", "Two of the twelve pumps we received in March leak at the shaft. About twelve drops a minute at 28 MPa.", "PROPOSING", 9, "G3", contact=MALLORY, facts={**TWO_OF_TWELVE, "safety": "NO", "remedy_asked": ["PARTS"]}, **PUMP),
    Story("vibration", "zh", "HNZB", "11 号机组齿轮箱异响", "11 号机组齿轮箱有周期性异响，随转速升高而加重。已限速运行。", "NEGOTIATING", 12, "G3", contact=LI, facts={**ONE_OF_TWENTY, "safety": "NO", "serial": "G3-0511", "remedy_asked": ["REWORK", "COMPENSATION"]}, rounds=1, **GEAR_ZH),
    Story("vibration", "en", "ACME", "Gearbox noise, batch B2309", "Gearbox of unit 5 makes a grinding noise above 1 300 rpm. Same batch as unit 3.", "EXECUTING", 16, "G2", contact=CARLA, facts={**ONE_OF_SIX, "safety": "NO", "serial": "G3-0415", "remedy_asked": ["REWORK"]}, **GEAR),
    Story("leak", "zh", "HNZB", "液压泵批量渗油", "巡检发现又有三台泵渗油，均为同一批次。", "VERIFYING", 20, "G3", contact=LI, facts={**THREE_OF_FORTY, "safety": "NO", "remedy_asked": ["PARTS"]}, **PUMP_ZH),
    Story("coating", "en", "ACME", "Coating weight below 275 g/m²", "Our three-spot test gives 231 g/m² at the edge. Contract says 275.", "FOLLOW_UP", 26, "G3", contact=CARLA, facts={**STRIP, "safety": "NO", "remedy_asked": ["PRICE_REDUCTION"], "claim_8d": True}, **STEEL),
    Story("leak", "zh", "HNZB", "备用泵铭牌与实物不符", "两台备用泵铭牌上的型号与实物不符，影响资产登记。", "CLOSED", 60, "G4", contact=LI, facts={"quantity_affected": "2", "quantity_delivered": "40", "unit": "台", "found_where": "INCOMING", "safety": "NO", "remedy_asked": ["EXPLANATION"]}, **PUMP_ZH),
    Story("vibration", "en", "ACME", "Bearing temperature alarm, unit 1", "Unit 1 tripped twice on bearing temperature. We restarted it at reduced load.", "CLOSED", 75, "G2", contact=CARLA, facts={**ONE_OF_SIX, "safety": "NO", "serial": "G3-0411", "remedy_asked": ["REWORK"]}, **GEAR),
    Story("leak", "en", "RIVAL", "Pump noisy after oil change", "One pump became noisy after we changed to another oil.", "REJECTED", 14, "G4", contact=MALLORY, facts={"quantity_affected": "1", "quantity_delivered": "12", "unit": "pcs", "found_where": "IN_USE", "safety": "NO", "remedy_asked": ["REPLACEMENT"]}, **PUMP),
    Story("coating", "en", "ACME", "White spots on three coils", "White spots on three coils, possibly from storage in our own yard.", "WITHDRAWN", 8, "G4", contact=CARLA, facts={"quantity_affected": "3", "quantity_delivered": "84.5", "unit": "t", "found_where": "INCOMING", "safety": "NO", "remedy_asked": ["NOT_SAID"]}, **STEEL),
    Story("vibration", "zh", "HNZB", "7 号机组减速比争议", "7 号机组实测传动比与合同约定不符，贵公司认为在公差内，我方不同意。", "DISPUTED", 34, "G2", contact=LI, facts={**ONE_OF_TWENTY, "safety": "NO", "serial": "G3-0507", "remedy_asked": ["PRICE_REDUCTION"]}, **GEAR_ZH),
    Story("vibration", "zh", "HNZB", "3 号机组振动（重复来电）", "再次反映 3 号机组振动的问题，与周一电话为同一件事。", "DUPLICATE", 0.5, "G2", contact=LI, facts={**ONE_OF_TWENTY, "safety": "NO", "serial": "G3-0503", "remedy_asked": ["REWORK"]}, **GEAR_ZH),
    Story("leak", "en", "ACME", "Oil mist at the brake unit", "There is an oil mist around the hydraulic brake unit of turbine 2. Nobody was hurt, but the platform is slippery.", "RECEIVED", 1.6, "G2", contact=CARLA, facts={"found_where": "IN_USE", "safety": "DANGER"}),
    Story("vibration", "en", "ACME", "Gear oil foams in unit 6", "The oil in unit 6 foams at full load.", "RESPONDING", 1.85, "G3", pace=0.5, contact=CARLA, facts={**ONE_OF_SIX, "safety": "NO", "serial": "G3-0416", "remedy_asked": ["TECH_SUPPORT"]}, **GEAR),
    Story("coating", "en", "ACME", "Strip thickness varies", "Thickness varies between 1.40 and 1.55 mm along the coil.", "FOLLOW_UP", 40, "G2", contact=CARLA, facts={**STRIP, "safety": "NO", "remedy_asked": ["PRICE_REDUCTION"]}, pace=1.4, **STEEL),
    Story("leak", "zh", "HNZB", "更换后的泵再次漏油", "上次更换密封件的泵又开始漏油。", "REOPENED", 48, "G3", contact=LI, facts={**THREE_OF_FORTY, "safety": "NO", "remedy_asked": ["PARTS"]}, **PUMP_ZH),
    Story("vibration", "en", "ACME", "", "Carla called: something rattles at unit 2, she will send a recording.", "DRAFT", 0.02, "G3", contact=CARLA),
    Story("vibration", "en", "ACME", "Smoke from the gearbox of unit 6", "Smoke came out of the gearbox of unit 6 this morning. Two of our fitters were in the nacelle; one has a burnt hand. The unit stands. Is it safe to run the others?", "RESPONDING", 0.22, "G1", contact=CARLA, facts={**ONE_OF_SIX, "safety": "INJURY", "work_stopped": True, "serial": "G3-0416", "remedy_asked": ["TECH_SUPPORT"]}, **GEAR),
    Story("vibration", "zh", "HNZB", "9 号机组齿轮箱冒烟", "9 号机组齿轮箱今天上午冒烟，机舱内有两名检修人员，已撤离。其余机组能否继续运行，请立即答复。", "RESPONDING", 0.2, "G1", contact=LI, facts={**ONE_OF_TWENTY, "safety": "DANGER", "work_stopped": True, "serial": "G3-0509", "remedy_asked": ["TECH_SUPPORT"]}, **GEAR_ZH),
]  # fmt: skip
