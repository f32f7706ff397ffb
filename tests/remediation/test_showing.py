"""Whoever agrees to a proposal reads what it grants, on which ground, and who agreed; the button says the sum."""

from django.urls import reverse

from remediation import approvals
from tests.remediation.stories import PROPOSED, REWORK, cny, drafted, proposing

DEAR = {**REWORK, "cost": cny("60000.00"), "description": "New bearings on site"}


def submitted(who):
    proposal = drafted(who, proposing(who), DEAR)
    return approvals.submit(proposal, by=who.quinn, at=PROPOSED)


def page(client, proposal, act: str) -> str:
    return client.get(reverse("case-do", args=[proposal.complaint.ref, act])).content.decode()


def test_the_approver_reads_lines_sums_and_levels_and_the_button_says_the_sum(who, signed_in):
    proposal = submitted(who)

    text = page(signed_in(who.lee), proposal, "approve_proposal")

    assert "New bearings on site" in text
    assert f"Approve {cny('60000.00')}</button>" in text
    assert "Quality manager: Lee" in text
    assert "Finance: Fay" in text
    assert "reaches the customer" not in text


def test_who_agreed_already_stands_there_with_a_tick(who, signed_in):
    proposal = submitted(who)
    approvals.approve(proposal, by=who.lee, at=PROPOSED)

    text = page(signed_in(who.fay), proposal, "approve_proposal")

    done = text.index("is-done")
    assert "Lee" in text[done : done + 900]
    assert "More than CNY 50,000.00 and up to CNY 200,000.00" in text[done : done + 900]  # why the level, still


def test_sending_back_shows_the_same_and_sending_shows_the_letter(who, signed_in):
    proposal = submitted(who)
    assert "New bearings on site" in page(signed_in(who.lee), proposal, "refuse_proposal")

    for person in (who.lee, who.fay):
        approvals.approve(proposal, by=person, at=PROPOSED)
    text = page(signed_in(who.quinn), proposal, "send_proposal")

    assert "&lt;!DOCTYPE html&gt;" in text.split("srcdoc=")[1][:400]

    assert "New bearings on site" in text
    assert "carla@acme.test" in text


def test_acts_of_the_remedy_are_offered_only_where_they_have_something_to_work_on(who):
    from complaints import acts

    def offered(case):
        return {offer.act.name for room in ("remedy", "visits", "prevention")
                for offer in acts.offers(case, who.quinn, room)}  # fmt: skip

    case = proposing(who)
    assert "draft_proposal" in offered(case)
    assert not offered(case) & {
        "add_line", "change_line", "remove_line", "set_terms", "submit_proposal", "start_line", "finish_line",
        "cancel_line", "agree_cancellation", "add_capa_action", "check_effect", "decide_similar",
    }  # fmt: skip

    drafted(who, case, DEAR)
    assert offered(case) >= {"add_line", "change_line", "remove_line", "set_terms", "submit_proposal"}
    assert "draft_proposal" not in offered(case)
