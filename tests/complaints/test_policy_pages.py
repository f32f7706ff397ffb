"""The pages of clock targets: what holds, what would change, and who changed it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from complaints import policing
from complaints.days import company_date
from complaints.foresight import Target
from complaints.models import SlaPolicy
from complaints.policing import GRADES, Scope
from complaints.policy_words import target_words
from contracts.models import Contract
from tests.complaints.factories import clock_of, received

LIST = "/settings/clocks/"
CHANGE = "/settings/clocks/INITIAL/change/"
OWN = "/settings/clocks/own/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return company_date(timezone.now())


@pytest.fixture
def contract(acme):
    return Contract.objects.create(number="HT 1/2026", title="Gearboxes", customer=acme, currency="EUR")


def said(today, **amounts):
    """Return what the form sends: the defaults of INITIAL, and what differs (g2="36")."""
    kept = {"": "48", "G1": "24", "G2": "48", "G3": "48", "G4": "48"}
    given = {**kept, **{name.upper().replace("NONE", ""): value for name, value in amounts.items()}}
    fields = {f"amount_{grade}": amount for grade, amount in given.items()}
    return {"what": "preview", "on": today.isoformat(), **fields, **{f"unit_{grade}": "h" for grade in GRADES}}


def hidden(answer):
    """Return what the page of the preview sends back."""
    form, sent = answer.context["form"], {}
    for field in form:
        sent[field.html_name] = field.value() or ""
    return {**sent, "what": "confirm", "seen": answer.context["seen"], "seq": answer.context["seq"]}


def publish(by, chosen, today, *, scope=None, metric="INITIAL", on=None):
    scope, on = scope or Scope(), on or today
    seen = policing.plan(metric, scope, {}, on=on).seen
    return policing.publish(metric, scope, chosen, on=on, seen=seen, by=by, at=timezone.now())


# What holds -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (Target("CALENDAR", 48 * 60), "48 h"),
        (Target("CALENDAR", 90), "1 h 30 min"),
        (Target("BUSINESS", 60), "1 working hour"),
        (Target("BUSINESS", 8 * 60), "8 working hours"),
        (Target("BUSINESS", 90), "1 h 30 min of working time"),
        (Target("DATE", days=30, unit="day"), "30 days"),
        (Target("DATE", days=3, unit="workday"), "3 working days"),
        (None, "–"),
    ],
)
def test_a_target_is_said_in_words(target, words):
    assert target_words(target) == words


def test_everybody_who_sees_cases_sees_what_holds(signed_in, ada):
    answer = signed_in(ada).get(LIST)

    assert answer.status_code == 200
    for words in ("Initial analysis", "48 h", "8 working hours", "240 working hours", "these came with the program"):
        assert words in answer.text
    assert "/change/" not in answer.text


def test_who_sets_targets_finds_the_way_to_each(signed_in, lee):
    answer = signed_in(lee).get(LIST)

    assert all(f"{LIST}{metric}/change/" in answer.text for metric in policing.managed())
    assert OWN in answer.text


def test_the_page_is_a_place_of_the_menu(signed_in, ada, carla):
    assert f'href="{LIST}"' in signed_in(ada).get("/queue/").text
    assert signed_in(carla).get(LIST).status_code == 403


def test_own_targets_planned_ones_and_the_log_stand_on_the_page(signed_in, lee, acme, contract, today):
    publish(lee, {"G1": Target("CALENDAR", 12 * 60)}, today, scope=Scope(acme))
    publish(lee, {"": Target("CALENDAR", 20 * 60)}, today, scope=Scope(contract=contract))
    publish(lee, {"": Target("CALENDAR", 40 * 60)}, today, on=today + timedelta(days=30))
    publish(lee, dict.fromkeys(GRADES), today, scope=Scope(acme), on=today + timedelta(days=60))

    answer = signed_in(lee).get(LIST)

    assert [(row["whose"], row["grade"], row["target"]) for row in answer.context["owns"]] == [
        ("Acme Wind", "G1 Critical", "12 h"),
        ("Contract HT 1/2026", "All grades", "20 h"),
    ]
    assert [(row["on"] - today).days for row in answer.context["later"]] == [30, 60]
    assert [one["whose"] for one in answer.context["changes"]] == [
        "Acme Wind", "Everybody (default)", "Contract HT 1/2026", "Acme Wind",
    ]  # fmt: skip
    assert "G1 Critical: – → 12 h" in answer.text
    assert "Lee" in answer.text


def test_a_clock_without_any_target_is_a_warning_with_its_mend(signed_in, lee, ada):
    SlaPolicy.objects.filter(metric="INITIAL").delete()

    answer = signed_in(lee).get(LIST)

    assert "Initial analysis: no target holds for Not graded from" in answer.text
    assert len(answer.context["gaps"]) == 5
    assert {gap["url"] for gap in answer.context["gaps"]} == {CHANGE}
    assert {gap["url"] for gap in signed_in(ada).get(LIST).context["gaps"]} == {""}


def test_no_gap_no_warning(signed_in, lee):
    assert signed_in(lee).get(LIST).context["gaps"] == []


def test_the_list_asks_little_of_the_database(signed_in, lee, acme, today, django_assert_max_num_queries):
    for n in range(4):
        publish(lee, {"G1": Target("CALENDAR", (12 + n) * 60)}, today, scope=Scope(acme))
    client = signed_in(lee)

    with django_assert_max_num_queries(9):
        client.get(LIST)


# Changing it ----------------------------------------------------------------------------------------------------------


def test_the_form_holds_what_is_in_force(signed_in, lee):
    answer = signed_in(lee).get(CHANGE)

    form = answer.context["form"]
    assert [form[f"amount_{grade}"].value() for grade in GRADES] == ["48", "24", "48", "48", "48"]
    assert "pausable" not in form.fields


def test_a_change_is_shown_first_and_then_put_into_force(signed_in, lee, ada, today):
    case = received(ada, at=timezone.now() - timedelta(hours=40))
    client = signed_in(lee)

    shown = client.post(CHANGE, said(today, none="36"))

    assert shown.status_code == 200
    assert f'href="/cases/{case.ref}/"' in shown.text
    assert "48 h" in shown.text
    assert "in time so far" in shown.text
    assert not policing.log().exists()

    done = client.post(CHANGE, hidden(shown), follow=True)

    assert done.redirect_chain == [(LIST, 302)]
    assert "the new targets are in force" in done.text
    assert clock_of(received(ada, at=timezone.now()), "INITIAL").target_minutes == 36 * 60
    assert policing.log().get().facts["foreseen"]["refs"] == [case.ref]


def test_back_from_the_preview_keeps_what_was_typed(signed_in, lee, today):
    client = signed_in(lee)
    shown = client.post(CHANGE, said(today, g2="36.5"))

    answer = client.post(CHANGE, {**hidden(shown), "what": "edit"})

    assert answer.status_code == 200
    assert 'value="36.5"' in answer.text
    assert not policing.log().exists()


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ({"g2": "0"}, "A target is more than 0."),
        ({"g2": "-3"}, "A target is more than 0."),
        ({"g2": "200000"}, "A target is at most 20 years"),
        ({"g2": "many"}, "Enter a number."),
        ({"g2": "1e99"}, "Ensure that there are no more than"),
        ({"g2": "0.001"}, "Whole minutes, or whole days, are wanted."),
        ({}, "Nothing would change"),
        ({"none": ""}, "No default would hold for cases not graded yet"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(signed_in, lee, today, amounts, why):
    answer = signed_in(lee).post(CHANGE, said(today, **amounts))

    assert answer.status_code == 422
    assert why in answer.text
    for amount in amounts.values():
        assert f'value="{amount}"' in answer.text or not amount
    assert not Event.objects.filter(kind="policy.published").exists()


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("yesterday", "Targets cannot change in the past."),
        ("2199-12-31", "more than ten years"),
        ("", "required"),
        ("soon", "Enter a valid date."),
    ],
)
def test_a_day_that_does_not_fit_is_said(signed_in, lee, today, day, why):
    on = (today - timedelta(days=1)).isoformat() if day == "yesterday" else day

    answer = signed_in(lee).post(CHANGE, {**said(today, g2="36"), "on": on})

    assert answer.status_code == 422
    assert why in answer.text


@pytest.mark.parametrize("sent", [{}, {"what": "confirm"}, {"what": "other"}, {"on": "\0"}])
def test_a_form_that_is_no_form_changes_nothing(signed_in, lee, sent):
    assert signed_in(lee).post(CHANGE, sent).status_code == 422
    assert not policing.log().exists()


def test_a_unit_that_is_not_offered_is_refused(signed_in, lee, today):
    answer = signed_in(lee).post(CHANGE, {**said(today, g2="3"), "unit_G2": "wd"})

    assert answer.status_code == 422


def test_who_was_not_the_first_sees_what_was_changed_meanwhile(signed_in, lee, root, today):
    client = signed_in(lee)
    shown = client.post(CHANGE, said(today, g2="36"))
    publish(root, {"G2": Target("CALENDAR", 30 * 60)}, today)

    answer = client.post(CHANGE, hidden(shown))

    assert answer.status_code == 409
    assert "Somebody changed these targets meanwhile" in answer.text
    assert "G2 Major: 48 h → 30 h" in answer.text
    assert 'value="36"' in answer.text
    assert policing.log().count() == 1


def test_pressed_twice_it_is_published_once_and_nobody_is_blamed(signed_in, lee, today):
    client = signed_in(lee)
    shown = client.post(CHANGE, said(today, g2="36"))

    answers = [client.post(CHANGE, hidden(shown)) for _ in range(2)]

    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, "/settings/clocks/")] * 2
    assert policing.log().count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("address", [CHANGE, OWN])
def test_who_may_not_reads_which_right_is_missing(signed_in, ada, method, address):
    answer = getattr(signed_in(ada), method)(address)

    assert answer.status_code == 403
    assert "Set the targets of clocks" in answer.text


@pytest.mark.parametrize("address", ["VISIT", "NONSENSE", "INITIAL/x"])
def test_a_clock_without_targets_is_not_found(signed_in, lee, address):
    assert signed_in(lee).get(f"/settings/clocks/{address}/change/").status_code == 404


@pytest.mark.parametrize("query", ["customer=NOBODY", "contract=NONE", "customer=%00", "contract=" + "9" * 99])
def test_a_customer_or_contract_that_is_not_there_is_not_found(signed_in, lee, query):
    assert signed_in(lee).get(f"{CHANGE}?{query}").status_code == 404


# Customers and contracts ----------------------------------------------------------------------------------------------


def test_one_chooses_whose_targets_first(signed_in, lee, acme, contract):
    client = signed_in(lee)

    assert client.get(OWN).status_code == 200
    assert client.get(OWN, {"metric": "INITIAL", "customer": "ACME"}).url == f"{CHANGE}?customer=ACME"
    to_contract = client.get(OWN, {"metric": "INITIAL", "contract": "ht 1/2026"}, follow=True)
    assert "Initial analysis: Contract HT 1/2026" in to_contract.text


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"metric": "INITIAL"}, "Name a customer or a contract."),
        ({"metric": "INITIAL", "customer": "ACME", "contract": "HT 1/2026"}, "not both"),
        ({"metric": "INITIAL", "customer": "NOBODY"}, "This customer is not known."),
        ({"metric": "INITIAL", "contract": "X-9"}, "There is no contract “X-9”."),
        ({"metric": "VISIT", "customer": "ACME"}, "Select a valid choice."),
        ({"customer": "ACME"}, "This field is required."),
    ],
)
def test_a_choice_that_does_not_fit_is_said(signed_in, lee, acme, contract, query, why):
    answer = signed_in(lee).get(OWN, query)

    assert answer.status_code == 422
    assert why in answer.text


def test_a_customers_page_says_which_rule_holds_without_its_own(signed_in, lee, acme):
    answer = signed_in(lee).get(f"{CHANGE}?customer=ACME")

    assert "24 h, by the grade (G1)" in answer.text
    assert "48 h, by the default" in answer.text
    assert "Let all of these end" not in answer.text


def test_a_customers_targets_are_set_and_end_again(signed_in, lee, acme, today):
    client, address = signed_in(lee), f"{CHANGE}?customer=ACME"
    empty = dict.fromkeys((f"amount_{grade}" for grade in GRADES), "")
    shown = client.post(address, {**said(today), **empty, "amount_": "12"})
    assert client.post(address, hidden(shown)).status_code == 302
    assert SlaPolicy.objects.get(customer=acme).target_minutes == 12 * 60
    assert "Let all of these end" in client.get(address).text

    shown = client.post(address, {**said(today), "what": "end", "on": (today + timedelta(days=1)).isoformat()})

    assert "ends: the next rule holds" in shown.text
    assert client.post(address, hidden(shown)).status_code == 302
    assert SlaPolicy.objects.get(customer=acme).effective_to == today


def test_a_clock_that_may_wait_says_so(signed_in, lee, today):
    address = "/settings/clocks/RESOLVE/change/"
    client = signed_in(lee)
    form = client.get(address).context["form"]
    sent = {field.html_name: field.value() or "" for field in form}
    assert form["pausable"].value() is True

    shown = client.post(address, {**sent, "what": "preview", "pausable": ""})

    first = shown.context["changes"][0]
    assert (first["before"], first["after"]) == ("240 working hours, may wait", "240 working hours")


# From the case --------------------------------------------------------------------------------------------------------


def test_the_case_and_the_time_line_of_a_clock_lead_to_the_rule_that_set_it(signed_in, ada):
    case = received(ada)
    client = signed_in(ada)

    overview = client.get(f"/cases/{case.ref}/")
    line = client.get(f"/cases/{case.ref}/clocks/{clock_of(case, 'INITIAL').pk}/")

    assert f'<a href="{LIST}">Set by the default.</a>' in overview.text
    assert f'<a href="{LIST}">the default</a>' in line.text


# In Chinese -----------------------------------------------------------------------------------------------------------


def test_the_pages_speak_chinese(signed_in, lee, acme, today):
    publish(lee, {"": Target("CALENDAR", 12 * 60)}, today, scope=Scope(acme))
    client = signed_in(lee)
    client.post("/i18n/setlang/", {"language": "zh-hans"})

    listed = client.get(LIST)
    shown = client.post(CHANGE, said(today, g2="36"))

    assert "时限目标" in listed.text
    assert "8 工作小时" in listed.text
    assert "阿克米风电" in listed.text
    assert "生效" in shown.text
