"""One case through its whole life by clicking, in both languages: who does what, and what each person sees."""

from pathlib import Path

import pytest
from django.utils.translation import gettext, override
from PIL import Image

from tests.browser.person import ONLY
from tests.browser.stories import LIVES, Life

PHOTO = "unit-4.jpg"


@pytest.fixture
def photo(tmp_path) -> Path:
    """Return a picture as a telephone takes it."""
    file = tmp_path / PHOTO
    Image.effect_noise((640, 480), 60).convert("RGB").save(file, quality=80)
    return file


class Told:
    """The people of one life, each at a browser of their own, and what the house says in their language."""

    def __init__(self, come, house, language: str, photo: Path):
        self.come, self.house, self.language, self.photo = come, house, language, photo
        self.life: Life = LIVES[language]
        self.said = self.life.said
        self.ref = ""
        self._staff: dict[str, object] = {}

    def words(self, msgid: str) -> str:
        """Return a sentence of ours in the language of this life, up to its first blank."""
        with override(self.language):
            return gettext(msgid).split("%(")[0].strip()

    def person(self, short: str):
        """Return a colleague at the case; who is not there yet signs in and looks it up."""
        if short not in self._staff:
            self._staff[short] = self.come(f"{short}@demo.test", language=self.language)
        person = self._staff[short]
        return person if person.ref or not self.ref else person.finds(self.ref)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_case_is_carried_from_the_first_call_to_the_last_visit(come, house, language, photo):
    told = Told(come, house, language, photo)

    the_agent_logs_and_acknowledges_it(told)
    the_engineer_grades_it_and_answers_in_48_hours(told)
    the_customer_follows_the_mailed_link_without_sign_in(told)
    the_cause_is_found_and_proven(told)
    the_remedy_is_drafted_approved_and_sent(told)
    customer = the_customer_accepts_it_on_the_portal(told)
    the_remedy_is_carried_out(told)
    the_customer_confirms_that_it_works(told, customer)
    it_is_visited_prevented_and_closed(told)
    the_customer_answers_the_survey(told, customer)


def the_agent_logs_and_acknowledges_it(told: Told) -> None:
    said, ada = told.said, told.person("ada")
    ada.shows("queue")
    ada.follows("/cases/new/")
    ada.fills({"customer": told.life.customer, "description": said["happened"], "title": said["title"]}, "#intake")
    ada.fills({"found_on": told.life.day(-1), "found_where": "IN_USE", "goods": told.life.goods}, "#intake")
    ada.fills({"quantity_affected": "1", "quantity_delivered": "6", "safety": "NO", "work_stopped": True}, "#intake")
    ada.fills({"remedy_asked": ["REWORK", "COMPENSATION"]}, "#intake")
    ada.fills({"contact_name": told.life.caller[0], "contact_email": told.life.caller[1]}, "#intake")
    ada.fills({"files": str(told.photo)}, "#intake")
    ada.shows("intake")
    ada.sends("#intake button[name=do][value=log]")
    told.ref = ada.ref = ada.reads_ref()
    assert said["happened"] in ada.text()
    assert PHOTO in ada.goes_to(f"/cases/{told.ref}/files/").text()
    ada.goes_to(f"/cases/{told.ref}/")
    ada.does("acknowledge")
    ada.writes("note", said["note"]).writes("reply", said["reply"])
    assert said["note"] in ada.text()
    assert said["reply"] in ada.text()
    ada.shows("case-received")


def the_engineer_grades_it_and_answers_in_48_hours(told: Told) -> None:
    said = told.said
    told.person("cleo").does(
        "triage", consequence="4", extent="3", customer_impact="3", recurrence="1", owner="quinn@demo.test",
        department="quality", nonconformity=["DEFECT"], duplicate_checked=True,
    )  # fmt: skip
    quinn = told.person("quinn")
    quinn.shows("case-triaged")
    quinn.does(
        "mobilise", leader="quinn@demo.test", champion="lee@demo.test", members=["tess@demo.test", "cleo@demo.test"]
    )
    quinn.does(
        "hold_meeting",
        attendees=["quinn@demo.test", "cleo@demo.test"],
        agenda=said["agenda"],
        decisions=said["decisions"],
    )
    quinn.does("contain", location="INSTALLED", needed="1", action=said["contained"], owner="finn@demo.test")
    quinn.does("prove_containment", action=ONLY, percent="100", evidence=said["proof"])
    parts = ("description", "extent", "suspected_cause", "test_plan", "containment", "remedy_direction", "next_dates")
    quinn.does("write_initial", {part: said[part] for part in parts}, confidence="MEDIUM", then="initial-form")
    told.person("lee").does("approve_initial")
    quinn.does("send_initial")
    quinn.does("begin_diagnosis")


def the_customer_follows_the_mailed_link_without_sign_in(told: Told) -> None:
    visitor = told.come(language=told.language)
    visitor.goes_to(told.house.link_mailed(told.life.caller[1], "/t/", saying=told.ref))

    assert told.ref in visitor.text()
    assert told.words("You have our initial analysis, and we are proving the cause.") in visitor.text()
    assert told.said["note"] not in visitor.text()
    assert "G2" not in visitor.text()
    visitor.shows("tracker")


def the_cause_is_found_and_proven(told: Told) -> None:
    said, quinn = told.said, told.person("quinn")
    cells = {"is": said["is"], "is_not": said["is_not"], "distinction": said["difference"], "change": said["change"]}
    quinn.goes_to(f"/cases/{told.ref}/diagnosis/")
    quinn.does("state_defect", {f"grid_WHAT_OBJECT_{name}": text for name, text in cells.items()},
               sentence=said["sentence"], then="grid-form")  # fmt: skip
    quinn.does("record_extent", location="INSTALLED", total="6", confirmed="1", good="5")
    quinn.does("finish_extent")
    for leg, why, code, cause in (
        ("OCCURRENCE", said["why"], "MAT", said["cause"]), ("ESCAPE", said["why_escaped"], "DET", said["escape"]),
    ):  # fmt: skip
        quinn.does("ask_why", leg=leg, text=why, evidence=said["seen"], result="CONFIRMED")
        quinn.does("record_cause", leg=leg, code=code, text=cause)
        quinn.does("verify_cause", cause=ONLY, method=said["method"], result=said["result"])
    quinn.does("attribute", share_SELLER="100", because_SELLER=said["share"])
    told.person("lee").does("approve_attribution")
    told.person("lin").does("assess_entitlement", status="ENTITLED", clauses=ONLY, reasoning=said["entitled"])
    told.person("fay").does(
        "assess_finance", delay_days="0", payments_at_risk_amount="0", retention_at_risk_amount="0",
        remedy_cost_amount="1200", reputation="1", note=said["finance"],
    )  # fmt: skip
    quinn.goes_to(f"/cases/{told.ref}/diagnosis/")
    quinn.shows("diagnosis")
    quinn.does("agree_diagnosis")


def the_remedy_is_drafted_approved_and_sent(told: Told) -> None:
    said, quinn = told.said, told.person("quinn")
    quinn.goes_to(f"/cases/{told.ref}/remedy/")
    quinn.does("draft_proposal", valid_until=told.life.day(21), conditions=said["conditions"])
    quinn.does("add_line", kind="PART_REPLACEMENT", description=said["part"], quantity="1", cost_amount="900",
               owner="finn@demo.test", due_on=told.life.day(5))  # fmt: skip
    quinn.does("add_line", kind="COMPENSATION", description=said["pays"], cost_amount="300", amount_amount="300",
               entitlement=ONLY, owner="finn@demo.test", due_on=told.life.day(5), then="line-form")  # fmt: skip
    quinn.does("submit_proposal")
    told.person("lee").does("approve_proposal", comment=said["approved"])
    quinn.goes_to(f"/cases/{told.ref}/remedy/")
    quinn.shows("remedy")
    quinn.does("send_proposal")


def the_customer_accepts_it_on_the_portal(told: Told):
    told.person("sam").does("record_agreement", signed_on=told.life.day(), evidence=told.said["accepted"])
    customer = told.come(language=told.language)
    customer.goes_to(told.house.link_mailed(told.life.caller[1], "/t/", saying=told.ref))
    customer.follows(f"/portal/cases/{told.ref}/").enters(told.life.email)
    customer.goes_to("/portal/").shows("portal-home")
    customer.follows(f"/portal/cases/{told.ref}/")
    assert told.words("Our proposal is ready for you. It is valid until %(day)s.") in customer.text()
    customer.shows("portal-case")
    customer.follows(f"/portal/cases/{told.ref}/proposal/")
    assert told.said["part"] in customer.text()
    assert "900" not in customer.main()
    assert told.said["note"] not in customer.text()
    customer.shows("portal-proposal")
    customer.fills({"answer": "accept"}).sends()
    customer.fills({"name": told.life.name}).sends()
    assert told.said["part"] in customer.text()
    customer.shows("portal-receipt")
    return customer


def the_remedy_is_carried_out(told: Told) -> None:
    said, finn = told.said, told.person("finn")
    for _ in range(2):
        finn.does("start_line", line=ONLY)
        finn.does("finish_line", line=ONLY, evidence_text=said["done"], reinspection_result=said["inspected"])
    told.person("quinn").does("report_done")


def the_customer_confirms_that_it_works(told: Told, customer) -> None:
    customer.goes_to(f"/portal/cases/{told.ref}/")
    assert told.words("Everything we agreed is done. Is the problem solved?") in customer.text()
    customer.follows(f"/portal/cases/{told.ref}/result/")
    customer.fills({"solved": "yes", "name": told.life.name})
    customer.shows("portal-result")
    customer.sends()
    customer.goes_to(f"/portal/cases/{told.ref}/")
    assert told.words("The problem was solved on %(day)s, and we keep an eye on it.") in customer.text()


def it_is_visited_prevented_and_closed(told: Told) -> None:
    said, ada, quinn = told.said, told.person("ada"), told.person("quinn")
    ada.goes_to(f"/cases/{told.ref}/visits/")
    ada.does("move_visit", agreed_on=told.life.day(), because=said["asked_earlier"])
    ada.does("record_visit", contact_met=said["met"], works="1", satisfaction="5")
    ada.shows("visits")
    quinn.goes_to(f"/cases/{told.ref}/actions/")
    quinn.does("open_capa", problem=said["capa"], owner="tess@demo.test", due_on=told.life.day(30))
    for leg, action in ((0, said["action"]), (1, said["other_action"])):
        quinn.does("add_capa_action", root_cause=leg, description=action, strength=ONLY, owner="tess@demo.test",
                   due_on=told.life.day(20))  # fmt: skip
        quinn.does("finish_capa_action", action=ONLY, evidence=said["done"], documents=said["document"])
    quinn.does("record_lesson", situation=said["situation"], rule=said["rule"])
    quinn.does("add_cost", item="REPLACEMENT", amount_amount="1200", on=told.life.day(), document=said["cost"])
    quinn.does("send_8d")
    told.person("fay").does("post_costs")
    lee = told.person("lee")
    lee.does("approve_lesson")
    lee.goes_to(f"/cases/{told.ref}/actions/").shows("actions")
    lee.does("close")
    lee.goes_to(f"/cases/{told.ref}/").shows("case-closed")
    lee.goes_to("/dashboard/").shows("dashboard")


def the_customer_answers_the_survey(told: Told, customer) -> None:
    customer.goes_to(f"/portal/cases/{told.ref}/")
    assert told.words("This case was closed on %(day)s.") in customer.text()
    customer.shows("portal-closed")
    customer.goes_to(told.house.link_mailed(told.life.caller[1], "/s/", saying=told.ref))
    customer.fills({"solved": "YES", "csat_result": "5", "csat_speed": "4", "nps": "9", "text": told.said["thanks"]})
    customer.shows("survey")
    customer.sends()
    assert not customer.page.locator("main form [name=csat_result]").count()
    assert told.said["thanks"] not in customer.text()
