"""What every act's form does: no silent choice, people who can do it, errors that name the field, sums worked out."""

import inspect
from decimal import Decimal

import pytest
from django.urls import reverse

from complaints import acts, diagnosis, lifecycle
from complaints.forms.policies import SimulatorForm
from complaints.models import Complaint
from tests.cast import NOON
from tests.complaints.factories import received, triaged
from tests.complaints.test_first_life import HOUR


@pytest.fixture
def responding(ada, quinn, lee, cleo):
    case = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


def form(name: str, case: Complaint, user, **options):
    return acts.get(name).form(complaint=case, user=user, **{"now": NOON + 2 * HOUR, **options})


def send(client, case: Complaint, act: str, **said):
    return client.post(reverse("case-do", args=[case.ref, act]), {**said, "once": "a"})


@pytest.mark.parametrize(("act", "field"), [("contain", "location"), ("record_cause", "leg"), ("record_cause", "code")])
def test_a_list_begins_without_a_choice(responding, quinn, act, field):
    first, *_rest = form(act, responding, quinn).fields[field].choices

    assert [first[0], str(first[1])] == ["", "Choose one"]


def test_a_choice_that_is_known_is_made(responding, quinn):
    named = form("record_cause", responding, quinn, initial={"leg": "ESCAPE"})

    assert "" not in dict(named.fields["leg"].choices)


def test_a_wait_is_for_all_clocks_that_may_wait_unless_one_is_named(responding, ada):
    first, *_rest = form("note_wait", responding, ada).fields["metric"].choices

    assert (first[0], str(first[1])) == ("", "All that may wait")


def test_no_required_list_of_any_act_has_a_silent_first_choice(responding, lee):
    from django import forms as django_forms

    for act in acts.every():
        shown = act.form(complaint=responding, user=lee, now=NOON)
        for name, field in shown.fields.items():
            if not isinstance(field, django_forms.ChoiceField) or type(field.widget) is not django_forms.Select:
                continue
            listed = list(field.choices)
            known = shown.initial.get(name, field.initial) not in (None, "")
            assert known or not field.required or len(listed) < 2 or str(listed[0][0]) == "", (act.name, name)


def test_people_are_those_who_can_do_it_with_oneself_first(responding, quinn, root, fay):
    owners = list(form("assign", responding, quinn).fields["owner"].choices)
    helpers = [str(value) for value, _label in form("give_task", responding, quinn).fields["owner"].choices]

    assert [str(owners[1][0]), owners[1][1]] == [quinn.email, "Quinn (me)"]
    assert fay.email not in [str(value) for value, _label in owners]
    assert fay.email in helpers
    assert root.email not in helpers


def test_the_owner_of_a_new_case_is_proposed(ada, quinn):
    assert form("triage", received(ada), quinn).initial["owner"] == quinn.email


def test_an_error_names_its_field(responding, quinn, signed_in):
    text = send(signed_in(quinn), responding, "contain", needed="1", action="Block").content.decode()

    assert "Not saved yet. Correct these and send again." in text
    assert "Where: This field is required." in text


def test_sums_at_risk_may_stay_empty_and_are_in_the_currency_of_the_contract(responding, fay, signed_in):
    empty = form("assess_finance", responding, fay)
    assert empty.initial["payments_at_risk"] == ["", "CNY"]

    answer = send(
        signed_in(fay), responding, "assess_finance", delay_days=0, reputation=1, note="None",
        payments_at_risk_amount="", payments_at_risk_currency="CNY",
        retention_at_risk_amount="", retention_at_risk_currency="CNY",
        remedy_cost_amount="100", remedy_cost_currency="CNY",
    )  # fmt: skip

    assert answer.status_code == 302
    assert responding.finance_impacts.get().payments_at_risk.minor == 0


def test_the_one_number_left_empty_is_worked_out(responding, quinn, signed_in):
    client = signed_in(quinn)

    send(client, responding, "record_extent", location="OWN_STOCK", total=10, confirmed=4, good=1)

    assert responding.affected_items.get().unknown == 5


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"total": 10, "confirmed": "", "good": 1}, "Fill in three of the four numbers"),
        ({"total": 3, "confirmed": 4, "good": 1}, "they are more than the total"),
    ],
)
def test_numbers_that_leave_no_answer_are_asked_for(responding, quinn, signed_in, said, sentence):
    answer = send(signed_in(quinn), responding, "record_extent", location="OWN_STOCK", **said)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_shares_that_do_not_add_up_come_back_with_their_sum_and_what_is_left(responding, quinn, signed_in):
    answer = send(signed_in(quinn), responding, "attribute", share_SELLER="60", because_SELLER="We packed it")

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Adds up to 60 %; 40 % is left." in text
    assert "We packed it" in text


def test_new_shares_begin_with_the_latest(responding, quinn):
    shares = [("SELLER", Decimal(60), "We packed it", None), ("BUYER", Decimal(40), "They dropped it", None)]
    diagnosis.attribute(responding, by=quinn, at=NOON + 3 * HOUR, shares=shares)

    assert form("attribute", responding, quinn).running() == {"sum": "100", "left": "0", "over": ""}


def test_triage_has_three_parts_and_folds_what_is_known(ada, quinn, signed_in):
    case = received(ada)

    grade, goods, owner = form("triage", case, quinn).grouped()

    assert [str(part["title"]) for part in (grade, goods, owner)] == [
        "Grade", "Goods and quantities", "Owner and contract",
    ]  # fmt: skip
    assert [field.name for field in grade["more"]] == ["grade", "override_reason"]
    assert {"name": "Found at", "value": "In use"} in goods["known"]
    assert {"name": "Units delivered", "value": "4"} in goods["known"]
    assert "product" in [field.name for field in goods["fields"]]
    text = signed_in(quinn).get(reverse("case-do", args=[case.ref, "triage"])).content.decode()
    assert "4 · main function lost" in text
    assert "Similar and linked" in text


def test_a_grade_that_differs_opens_its_part_again(ada, quinn):
    case = received(ada)

    sent = form("triage", case, quinn, data={"grade": "G1"})

    assert sent.grouped()[0]["open"]
    assert not form("triage", case, quinn).grouped()[0]["open"]


def test_an_act_that_is_not_possible_shows_why_and_no_button(ada, signed_in):
    case = received(ada, contact_name="", contact_email="")

    text = signed_in(ada).get(reverse("case-do", args=[case.ref, "acknowledge"])).content.decode()

    assert "data-submit" not in text
    assert "Back to the case" in text


@pytest.mark.parametrize(("year", "fits"), [(2026, True), (2037, True), (2038, False), (2016, False)])
def test_ten_years_count_from_the_moment_of_who_asks(db, year, fits):
    said = {"wall": "2027-05-12T09:00", "zone": "Asia/Shanghai"}

    assert SimulatorForm(said, now=NOON.replace(year=year)).is_valid() == fits


def test_a_moment_is_in_the_future_of_who_sends_it(responding, quinn):
    said = {"at": "2026-05-12T18:00"}

    earlier, later = (form("note_wait", responding, quinn, data=said, now=at) for at in (NOON, NOON + 30 * HOUR))

    assert "at" in earlier.errors
    assert "at" not in later.errors


def test_no_form_of_an_act_reads_the_clock():
    """The moment is given in; a form that read it would answer otherwise than the verb that follows."""
    for act in acts.every():
        source = inspect.getsource(inspect.getmodule(act.form))
        assert "timezone.now()" not in source, act.form
