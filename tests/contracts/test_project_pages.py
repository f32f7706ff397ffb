"""Pages of projects: staff read them, Finance keeps them; bad input stands beside its field with what was typed."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from contracts import demo
from contracts.amounts import Money
from contracts.models import CashPlan, Covenant, Facility, Milestone, PaymentItem, Project
from tests.cast import NOON

TODAY = date(2026, 5, 12)


@pytest.fixture
def project(sam, lin, fay):
    demo.load(structurer=sam, checker=lin, keeper=fay, at=NOON, today=TODAY)
    return Project.objects.get(code="ZB-200")


def addresses(project):
    parts = [
        ("milestone", project.milestones.first()), ("payment", project.payments.first()), ("plan", project.cash_plan),
        ("facility", project.facilities.first()), ("covenant", Covenant.objects.first()),
    ]  # fmt: skip
    forms = [reverse("contracts:part", args=[project.code, part, row.pk]) for part, row in parts]
    new = [reverse("contracts:new_part", args=[project.code, part]) for part in ("milestone", "payment", "facility")]
    return [*forms, *new, reverse("contracts:new_project")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_staff_read_a_project_in_both_languages(project, ada, signed_in, language):
    ada.language = language
    ada.save()

    page = signed_in(ada).get(project.get_absolute_url()).content.decode()

    assert {"en": "Term loan NDB 2025-07", "zh-hans": "北方开发银行定期贷款 2025-07"}[language] in page
    assert "CNY 14,400,000.00" in page
    assert 'class="limit"' in page  # the covenant lines of the chart
    assert reverse("contracts:new_part", args=["ZB-200", "payment"]) not in page  # ada may not
    assert signed_in(ada).get(reverse("contracts:projects") + "?q=zb").status_code == 200


def test_customers_find_no_project(carla, project, client, signed_in):
    for address in [project.get_absolute_url(), reverse("contracts:projects"), *addresses(project)]:
        assert signed_in(carla).get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_who_may_not_keep_it_reads_who_may(project, ada, signed_in):
    for address in addresses(project):
        assert signed_in(ada).get(address).status_code == 403


def test_finance_opens_every_form(project, fay, signed_in):
    for address in addresses(project):
        assert signed_in(fay).get(address).status_code == 200


def test_an_unknown_part_or_one_of_another_project_is_not_found(project, fay, signed_in):
    foreign = Milestone.objects.exclude(project=project).first()

    for address in ("/projects/ZB-200/treasure/1/", f"/projects/ZB-200/milestone/{foreign.pk}/", "/projects/NONE/"):
        assert signed_in(fay).get(address).status_code == 404


def no_nul(execute, sql, params, many, context):
    """Refuse what PostgreSQL refuses, so that it is seen on SQLite too."""
    assert "\0" not in str(list(params or ())).replace("\\x00", "\0")
    return execute(sql, params, many, context)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/projects/%00/", 404), ("/projects/ZB%00/milestone/new/", 404), ("/contracts/%00/", 404),
        ("/contracts/HT%00/versions/", 404), ("/projects/?q=%00", 200), ("/contracts/?q=a%00b&customer=%00", 200),
        ("/x/lookup/products/?q=%00", 200), ("/x/lookup/lots/?q=%00", 200), ("/x/lookup/contracts/?q=%00", 200),
    ],
)  # fmt: skip
def test_a_nul_is_never_looked_for(project, fay, signed_in, address, status):
    client = signed_in(fay)

    with connection.execute_wrapper(no_nul):
        assert client.get(address).status_code == status


def test_a_payment_is_kept_and_full_width_digits_are_read(project, fay, signed_in):
    said = {
        "name": "Spare parts", "amount_amount": "１２０ ０００.50", "amount_currency": "CNY", "due_on": "2026-12-01",
        "share_pct": "５０", "milestone": "",
    }  # fmt: skip

    answer = signed_in(fay).post(reverse("contracts:new_part", args=["ZB-200", "payment"]), said)

    assert answer.status_code == 302
    row = PaymentItem.objects.get(name="Spare parts")
    assert (str(row.amount), row.share_pct) == ("CNY 120,000.50", 50)


@pytest.mark.parametrize(
    ("said", "sentence", "status"),
    [
        ({"amount_amount": "twelve"}, "“twelve” is not a number.", 422),
        ({"amount_currency": "EUR"}, "The project counts in CNY, this is in EUR.", 409),
        ({"amount_amount": "-5"}, "Give 0 or more.", 409),
        ({"due_on": "2026-02-30"}, "Enter a valid date.", 422),
        ({"share_pct": "101"}, "Give a percentage from 0 to 100.", 409),
        ({"name": ""}, "This field is required.", 422),
    ],
)
def test_a_payment_that_does_not_fit_is_refused_with_what_was_typed(project, fay, signed_in, said, sentence, status):
    whole = {"name": "Spare parts", "amount_amount": "120000", "amount_currency": "CNY", "due_on": "2026-12-01",
             "share_pct": "50", "milestone": ""}  # fmt: skip

    answer = signed_in(fay).post(reverse("contracts:new_part", args=["ZB-200", "payment"]), whole | said)

    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert f'value="{said.get("share_pct", "50")}"' in page
    assert not PaymentItem.objects.filter(name="Spare parts").exists()


def test_the_periods_of_a_facility_are_pasted_as_rows(project, fay, signed_in):
    facility = Facility.objects.get()
    address = reverse("contracts:part", args=["ZB-200", "facility", facility.pk])
    form = signed_in(fay).get(address).context["form"]
    said = {name: form[name].value() for name in form.fields if not name.startswith("notice")}
    for name in ("amount", "drawn", "outstanding", "reserve"):
        said |= {f"{name}_amount": str(getattr(facility, name).amount), f"{name}_currency": "CNY"}
        del said[name]
    assert said["rows"].splitlines()[0] == "2026-06-30; 14200000.00; 11000000.00"

    wrong = signed_in(fay).post(address, said | {"rows": "2026-06-30; 14200000; soon"})
    assert "Row 1, debt service: “soon” is not a number." in wrong.content.decode()
    assert (wrong.status_code, facility.periods.count()) == (422, 6)

    for day in ("2026-W53-4", "20261231"):
        wrong = signed_in(fay).post(address, said | {"rows": f"{day}; 14200000; 11000000"})
        assert f"“{day}” is not a day. Write it as 2026-12-31." in wrong.content.decode()

    assert signed_in(fay).post(address, said | {"rows": "2026-06-30; 9; 8\n２０２６-12-31; 9; 8"}).status_code == 302
    assert facility.periods.count() == 2


def test_a_milestone_with_payments_is_not_removed(project, fay, signed_in):
    step = project.milestones.get(name="M3 Commissioning")

    answer = signed_in(fay).post(reverse("contracts:remove_part", args=["ZB-200", "milestone", step.pk]))

    assert answer.status_code == 409
    assert "Payments hang on this milestone." in answer.content.decode()
    assert Milestone.objects.filter(pk=step.pk).exists()


def test_a_project_begins_empty_and_says_what_it_lacks(acme, fay, signed_in):
    said = {"code": "NEW-1", "name": "New", "customer": acme.pk, "currency": "EUR"}

    answer = signed_in(fay).post(reverse("contracts:new_project"), said, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/projects/NEW-1/"
    assert "No cash plan yet." in page
    assert "No loan is kept for this project." in page
    again = signed_in(fay).post(reverse("contracts:new_project"), said | {"code": "new-1"})
    assert again.status_code == 409
    assert "new-1 is taken." in again.content.decode()


def test_the_plan_is_one(project, fay, signed_in):
    answer = signed_in(fay).get(reverse("contracts:new_part", args=["ZB-200", "plan"]))

    assert answer.status_code == 302
    assert CashPlan.objects.count() == 1


def typed(client, address):
    """Return what a browser would send back of a form as it was drawn."""
    form = client.get(address).context["form"]
    said = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, Money):
            said |= {f"{bound.name}_amount": str(value.amount), f"{bound.name}_currency": value.currency}
        elif value is not None and value is not False:
            said[bound.name] = str(value)
    return said


def parts(project):
    """Return a row of each part with a field that a colleague changes, and what that is called once kept."""
    return {
        "milestone": (project.milestones.first(), {"float_days": "77"}, "77"),
        "payment": (project.payments.first(), {"clause": "§ 99"}, "§ 99"),
        "plan": (project.cash_plan, {"monthly_cost_amount": "1234567"}, "CNY 1,234,567.00"),
        "facility": (project.facilities.first(), {"notice_clause": "§ 99"}, "§ 99"),
        "covenant": (Covenant.objects.get(kind="DSCR"), {"cure_days": "77"}, "77"),
    }


@pytest.mark.parametrize("part", ["milestone", "payment", "plan", "facility", "covenant"])
def test_a_stale_form_overwrites_nobody(project, fay, signed_in, part):
    row, theirs, shown = parts(project)[part]
    address, client = reverse("contracts:part", args=["ZB-200", part, row.pk]), signed_in(fay)
    mine = typed(client, address)
    assert client.post(address, mine | theirs).status_code == 302

    answer = client.post(address, mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile." in page
    assert page.count("Kept now: ") == 2  # beside the one field that differs, and above
    assert f"Kept now: {shown}" in page.replace("\u202f", ",").replace("\xa0", " ")
    before = row.revision
    row.refresh_from_db()
    assert row.revision == before + 1
    sent_again = mine | {"expected": str(answer.context["form"]["expected"].value())}
    assert client.post(address, sent_again).status_code == 302


def test_a_stale_form_that_does_not_fit_says_both(project, fay, signed_in):
    step, client = project.milestones.first(), signed_in(fay)
    address = reverse("contracts:part", args=["ZB-200", "milestone", step.pk])
    mine = typed(client, address)
    client.post(address, mine | {"float_days": "77"})

    answer = client.post(address, mine | {"planned_on": "2026-02-30"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Enter a valid date." in page
    assert "Somebody else changed this meanwhile." in page
    assert "Kept now: 77" in page


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "Somebody else removed this meanwhile."), ("zh-hans", "已有他人"),
])  # fmt: skip
def test_what_somebody_removed_is_not_inserted_again(project, fay, signed_in, language, sentence):
    fay.language = language
    fay.save()
    item, client = project.payments.first(), signed_in(fay)
    address = reverse("contracts:part", args=["ZB-200", "payment", item.pk])
    mine = typed(client, address)
    client.post(reverse("contracts:remove_part", args=["ZB-200", "payment", item.pk]), {"expected": "1"})

    answer = client.post(address, mine)

    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert not PaymentItem.objects.filter(pk=item.pk).exists()
    anew = reverse("contracts:new_part", args=["ZB-200", "payment"])
    assert f'action="{anew}"' in answer.content.decode()
    assert client.post(anew, mine).status_code == 302
    assert PaymentItem.objects.filter(name=item.name).exists()


def test_what_was_never_there_is_still_not_found(project, fay, signed_in):
    assert signed_in(fay).post("/projects/ZB-200/payment/999999/", {"name": "X"}).status_code == 404


@pytest.mark.parametrize("expected", ["{}", "", "999999999999", "x"])
def test_what_a_colleague_changed_is_not_removed_unseen(project, fay, signed_in, expected):
    item, client = project.payments.first(), signed_in(fay)
    address = reverse("contracts:part", args=["ZB-200", "payment", item.pk])
    client.post(address, typed(client, address) | {"clause": "§ 99"})

    answer = client.post(
        reverse("contracts:remove_part", args=["ZB-200", "payment", item.pk]),
        {"expected": expected.format(item.revision)},
    )

    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile." in answer.content.decode()
    assert PaymentItem.objects.filter(pk=item.pk, clause="§ 99").exists()


def test_a_form_that_names_no_revision_overwrites_nobody(project, fay, signed_in):
    item, client = project.payments.first(), signed_in(fay)
    address = reverse("contracts:part", args=["ZB-200", "payment", item.pk])

    answer = client.post(address, typed(client, address) | {"clause": "§ 99", "expected": ""})

    assert answer.status_code == 409
    assert not PaymentItem.objects.filter(pk=item.pk, clause="§ 99").exists()


def test_a_second_press_of_remove_is_no_error(project, fay, signed_in):
    item = project.payments.first()
    address = reverse("contracts:remove_part", args=["ZB-200", "payment", item.pk])

    answers = [signed_in(fay).post(address, {"expected": "1"}).status_code for _ in range(2)]

    assert answers == [302, 302]
