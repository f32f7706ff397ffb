"""The agent's and the customer's part in a browser that runs no script (UX §4.3)."""

from datetime import UTC, datetime, timedelta

from tests.browser.test_whole_life import PHOTO, photo  # noqa: F401

TALKED = "11 号机组齿轮箱异响"  # of the demo: our proposal is with the customer
DONE = "液压泵批量渗油"  # of the demo: everything is done, the customer has not confirmed


def test_the_agent_logs_finds_and_answers_a_complaint(come, photo):  # noqa: F811
    ada = come("ada@demo.test", scripts=False)
    ada.follows("/cases/new/")
    ada.fills({"customer": "ACME", "description": "Oil drips from the brake.", "files": str(photo)}, "#intake")
    ada.fills({"found_on": _yesterday(), "contact_name": "Nils Berg", "contact_email": "nils@acme.test"}, "#intake")
    ada.sends("#intake button[name=do][value=log]")
    ref = ada.reads_ref()

    ada.goes_to("/queue/")
    ada.follows("view=unassigned")
    ada.fills({"q": "drips from the brake"}, ".filters").sends(".filters [type=submit]")
    ada.follows(f"/cases/{ref}/")
    ada.ref = ref
    ada.does("acknowledge")
    ada.writes("note", "Ask which brake it is.", attached=str(photo))
    ada.writes("reply", "Thank you, we are looking into it.")

    text = ada.text()
    assert "Oil drips from the brake." in text
    assert "Ask which brake it is." in text
    assert "Thank you, we are looking into it." in text
    assert PHOTO in ada.goes_to(f"/cases/{ref}/files/").text()


def test_the_customer_reports_a_problem_and_writes_with_a_photo(come, photo):  # noqa: F811
    carla = come("carla@acme.test", scripts=False, viewport={"width": 390, "height": 844})
    carla.follows("/portal/new/")
    carla.fills({"condition": "stopped", "goods": "G3-0412", "description": "Unit 2 stopped in the night."})
    carla.fills({"found_on": _yesterday(), "photos": str(photo)}).sends()
    carla.follows("/portal/cases/")
    ref = carla.reads_ref()
    carla.fills({"body": "Here is another picture.", "photos": str(photo)}, "#write").sends("#write [type=submit]")

    assert "Here is another picture." in carla.text()
    assert "Unit 2 stopped in the night." in carla.text()
    assert ref in carla.goes_to("/portal/").text()


def test_the_customer_answers_a_proposal(come):
    li_na = come("li.na@hnzb.test", language="zh-hans", scripts=False)
    li_na.reads(TALKED).follows("/proposal/")
    li_na.fills({"answer": "reject", "reason": "停机损失没有计入。"}).sends()
    li_na.fills({"name": "李娜"}).sends()

    assert "停机损失没有计入。" in li_na.text()


def test_the_customer_confirms_and_answers_the_survey(come, house):
    li_na = come("li.na@hnzb.test", language="zh-hans", scripts=False)
    li_na.reads(DONE).follows("/result/")
    li_na.fills({"solved": "yes", "name": "李娜"}).sends()

    li_na.goes_to(house.link_mailed("li.na@hnzb.test", "/s/"))
    li_na.fills({"solved": "YES", "csat_result": "4"}).sends()

    assert not li_na.page.locator("[name=csat_result]").count()  # it asks once


def _yesterday() -> str:
    return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
