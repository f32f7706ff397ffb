"""Finance reckons an impact in three scenarios; it is kept with all it came from and works out again."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from complaints import diagnosis, impact_page, impact_sources, impacts
from complaints.lifecycle import Refused
from complaints.models import Complaint, FinanceImpact
from complaints.models.states import Metric
from contracts import demo, projects
from contracts.finance import Damages, Name, Recovery, Scenario, record
from contracts.models import CashPlan, Contract, Covenant, Project
from contracts.money import Money
from tests.cast import NOON
from tests.complaints.factories import events_of, received, shanghai
from tests.test_query_budget import BUDGET

D = Decimal
HOUR = timedelta(hours=1)
TODAY = NOON.date()


@pytest.fixture
def case(sam, lin, fay, ada):
    demo.load(structurer=sam, checker=lin, keeper=fay, at=NOON, today=TODAY)
    contract = Contract.objects.get(number="HT-ZB-118")
    version = contract.versions.get()
    return received(
        ada, customer=contract.customer, contract=contract, contract_version=version, project=contract.project
    )


def scenario(name, p, days, **said):
    return Scenario(name=name, p=D(p), quality_delay_days=days, **({"remedy_by_month": {"2026-06": D(400000)}} | said))


SCENARIOS = (
    scenario(Name.BEST, "0.35", 10),
    scenario(Name.LIKELY, "0.50", 57, open_claims=D("1850000.50"), impact=(D(1900000), D(300000), 0, 0, 0, 0),
             remedy_by_month={"2026-06": D(1200000), "2026-07": D(600000)}),
    scenario(Name.WORST, "0.15", 110, impairs_use=True, impact=(D(4000000), 0, 0, 0, 0, 0)),
)  # fmt: skip


def asked(case, **said):
    project = case.project
    facts = {
        "milestone": project.milestones.get(name="M3 Commissioning"),
        "waiting": tuple(project.payments.filter(paid_on=None)), "facility": project.facilities.get(),
        "damages": Damages(base=D(48000000), rate_pct_per_day=D("0.05"), cap_pct=D(10), clause="§8.1"),
        "retention_pct": D(5), "retention_clause": "§9.2", "recovery": Recovery(D(60), "LD", D(500000)),
        "scenarios": SCENARIOS,
    }  # fmt: skip
    return impacts.Asked(**(facts | said))


def assess(case, by, **said):
    facts = {"at": NOON + HOUR, "reputation": 2, "note": "Estimated with the site."}
    question = said.pop("asked", None) or asked(case)
    return impacts.assess_impact(case, by=by, asked=question, **(facts | said))


def codes(refusal):
    return [why.code for why in refusal.value.reasons]


def test_the_likely_scenario_gives_the_figures_of_the_case(case, fay):
    impact = assess(case, fay)

    assert (impact.number, impact.delay_days) == (1, 45)
    assert impact.payments_at_risk.amount == D("28800000.00")  # M3 whole, of M4 the share at risk: 75 %
    assert impact.retention_at_risk.amount == D("1850000.50")
    assert impact.remedy_cost.amount == D("1800000.00")
    assert (impact.lender_test, impact.lender_material) == (True, True)
    assert Complaint.objects.get(pk=case.pk).lender_material
    [event] = events_of(case, "diagnosis.finance_assessed")
    assert (event.facts["delay_days"], event.facts["lender_test"]) == (45, True)


def test_it_works_out_again_byte_for_byte_whatever_became_of_the_project(case, fay):
    impact = assess(case, fay)
    project = Project.objects.get(code="ZB-200")
    projects.drop(project.facilities.get(), by=fay, at=NOON)
    projects.drop(project.payments.get(name="M4 Final acceptance"), by=fay, at=NOON)

    kept = FinanceImpact.objects.get(pk=impact.pk)

    assert impacts.again(kept)
    inputs = json.loads(kept.inputs)
    assert record.canonical(inputs) == kept.inputs
    assert inputs["about"]["as_of"] == "2026-05-12"
    assert inputs["project"]["loan"]["covenants"]["llcr_clause"] == "NDB 2025-07 §21.3 c"


def test_the_notice_to_the_lender_is_due_when_the_facility_wants_it(case, fay):
    facility = case.project.facilities.get()
    facility.notice_workdays = 2
    facility.save()

    assess(case, fay)
    assess(case, fay, at=NOON + 2 * HOUR)

    [clock] = case.clocks.filter(metric=Metric.LENDER_NOTICE)
    assert clock.due_at == shanghai("2026-05-15 00:00")


def test_without_words_of_the_facility_the_clock_has_its_own_target(case, fay):
    assess(case, fay, asked=asked(case, facility=None))

    assert case.clocks.get(metric=Metric.LENDER_NOTICE).due_at == shanghai("2026-05-20 00:00")


def test_finance_may_decide_otherwise_with_a_reason_only(case, fay):
    with pytest.raises(Refused) as refusal:
        assess(case, fay, lender=False, lender_reason=" ")
    assert codes(refusal) == ["lender_reason_missing"]
    assert not FinanceImpact.objects.exists()

    impact = assess(case, fay, lender=False, lender_reason="The bank knows of it.")
    assert (impact.lender_test, impact.lender_material) == (True, False)
    assert not case.clocks.filter(metric=Metric.LENDER_NOTICE).exists()


def test_a_version_follows_the_other(case, fay):
    assess(case, fay)
    quick = tuple(replace(one, quality_delay_days=5) for one in SCENARIOS)

    second = assess(case, fay, asked=asked(case, scenarios=quick), at=NOON + 2 * HOUR)

    assert (second.number, second.delay_days) == (2, 0)
    assert FinanceImpact.objects.count() == 2


def test_who_may_not(case, ada, lee):
    for somebody in (ada, lee):
        with pytest.raises(PermissionDenied):
            assess(case, somebody)


def test_what_the_case_lacks_is_said(case, fay):
    case.project.cash_plan.delete()
    case.contract.price_minor = None
    case.contract.save()
    with pytest.raises(Refused) as refusal:
        assess(case, fay)
    assert codes(refusal) == ["impact_price_missing", "impact_plan_missing"]

    question = asked(case)
    case.project = None
    case.save()
    with pytest.raises(Refused) as refusal:
        assess(case, fay, asked=question)
    assert codes(refusal) == ["impact_project_missing"]


def test_two_currencies_are_refused(case, fay):
    Contract.objects.filter(pk=case.contract.pk).update(currency="EUR")

    with pytest.raises(Refused) as refusal:
        assess(case, fay)

    assert codes(refusal) == ["impact_other_currency"]


@pytest.mark.parametrize(
    "scenarios",
    [
        (replace(SCENARIOS[0], p=D("0.36")), *SCENARIOS[1:]),
        SCENARIOS[:2],
        (replace(SCENARIOS[0], remedy_by_month={"2026-06": D(-1)}), *SCENARIOS[1:]),
        (replace(SCENARIOS[0], quality_delay_days=111), *SCENARIOS[1:]),
        (replace(SCENARIOS[0], lost_margin=D(99_000_000)), *SCENARIOS[1:]),
    ],
)
def test_what_cannot_be_reckoned_keeps_nothing(case, fay, scenarios):
    with pytest.raises(Refused) as refusal:
        assess(case, fay, asked=asked(case, scenarios=scenarios))

    assert codes(refusal) == ["impact_unreckonable"]
    assert not FinanceImpact.objects.exists()


# The form and the page ------------------------------------------------------------------------------------------------


def said(client, case, **more):
    """Return the form as the page shows it for a first version, with three scenarios filled in."""
    form = client.get(reverse("case-do", args=[case.ref, "assess_impact"])).context["form"]
    kept = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in kept.items() if value not in (None, False)}
    for name, p, days in (("best", "0.35", "10"), ("likely", "0.50", "57"), ("worst", "０.15", "110")):
        filled |= {f"{name}_p": p, f"{name}_days": days}
    remedy = "2026-06; 400000; 1200000; 3000000\n2026-07; 0; 600000; 2000000"
    return filled | {"remedy": remedy, "reputation": "2", "note": "With the site."} | more


def post(client, case, **more):
    return client.post(reverse("case-do", args=[case.ref, "assess_impact"]), said(client, case, once="a", **more))


def test_the_form_begins_with_what_contract_and_project_say(case, fay, signed_in):
    form = signed_in(fay).get(reverse("case-do", args=[case.ref, "assess_impact"])).context["form"]

    assert form["ld_rate"].value() == "0.05"
    assert form["retention_clause"].value().startswith("§")
    assert form["cfads"].value().splitlines()[0] == "2026-06; 0; 0; 0"
    assert len(form["waiting"].value()) == 2


def test_the_base_of_the_damages_is_what_their_clause_says(case, fay, signed_in):
    address = reverse("case-do", args=[case.ref, "assess_impact"])
    whole = signed_in(fay).get(address).context["form"]

    Contract.objects.update(price_includes_vat=False)  # the clause takes it with VAT
    other = signed_in(fay).get(address).context["form"]

    assert (whole["ld_clause"].value(), whole["ld_base"].value()) == ("§8.3", "48000000.00")
    assert (other["ld_clause"].value(), other["ld_base"].value()) == ("§8.3", None)


def test_a_version_by_hand_says_what_three_scenarios_need_first(case, fay, signed_in):
    zero = Money(D(0), "CNY")
    diagnosis.assess_finance(
        case, by=fay, at=NOON, delay_days=5, payments_at_risk=zero, retention_at_risk=zero, remedy_cost=zero,
        reputation=1, lender_material=False, note="Float takes it up.",
    )  # fmt: skip
    client, address = signed_in(fay), reverse("case-impact", args=[case.ref])

    ready = client.get(address).content.decode()
    CashPlan.objects.all().delete()
    lacking = client.get(address).content.decode()

    assert "The project has all that is needed to reckon them" in ready
    assert "Project ZB-200 has no cash plan." in lacking


def test_figures_entered_by_hand_stand_beside_what_case_and_project_say_now(case, fay, signed_in):
    zero = Money(D(0), "CNY")
    impact = diagnosis.assess_finance(
        case, by=fay, at=NOON, delay_days=5, payments_at_risk=zero, retention_at_risk=zero, remedy_cost=zero,
        reputation=1, lender_material=False, note="",
    )  # fmt: skip

    delay, payments, retention, remedy, lender = (
        row["says"] for row in impact_sources.by_hand(impact, case, on=TODAY)
    )  # fmt: skip

    assert delay == "M3 Commissioning, planned for 6 Jun 2026, has 12 days of float."
    assert payments == "2 payments are still to come: CNY 33,600,000.00."
    assert retention.endswith(" keeps 5 % of the price as retention: CNY 2,400,000.00.")
    assert remedy == "No remedy with its cost is planned yet."
    assert lender == "Loans of the project: Term loan NDB 2025-07."
    assert retention in signed_in(fay).get(reverse("case-impact", args=[case.ref])).content.decode()


def test_figures_by_hand_of_a_case_without_a_project_say_so(ada, fay, signed_in):
    case, zero = received(ada), Money(D(0), "CNY")
    diagnosis.assess_finance(
        case, by=fay, at=NOON, delay_days=0, payments_at_risk=zero, retention_at_risk=zero, remedy_cost=zero,
        reputation=1, lender_material=False, note="",
    )  # fmt: skip

    page = signed_in(fay).get(reverse("case-impact", args=[case.ref])).content.decode()

    assert "The case names no project." in page
    assert "No checked clause of the contract keeps a retention." in page


def test_the_project_names_the_newest_impact_of_each_case(case, fay, signed_in):
    assess(case, fay)
    assess(case, fay, asked=asked(case, facility=None), at=NOON + 2 * HOUR)

    page = signed_in(fay).get(case.project.get_absolute_url()).content.decode()

    assert "Impact, version 2 of 2026-05-12: project 45 days later" in page
    assert "version 1 of" not in page


def test_a_version_is_made_on_the_page_and_shown(case, fay, signed_in):
    client = signed_in(fay)

    answer = post(client, case)

    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(reverse("case-impact", args=[case.ref])).content.decode()
    assert "57 d − float 12 d" in page.replace("Delay ", "")
    assert "By §8.3." in page
    assert "Worked out again from what is kept: the same, byte for byte." in page
    assert page.count('class="limit"') == 3  # minimum cash, lock-up, default
    assert '<svg viewBox="0 0 700 236" role="img"' in page
    again = client.get(reverse("case-do", args=[case.ref, "assess_impact"])).context["form"]
    assert again["likely_days"].value() == 57
    assert again["remedy"].value().splitlines() == ["2026-06; 400000; 1200000; 3000000", "2026-07; 0; 600000; 2000000"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_second_version_says_what_changed(case, fay, ada, signed_in, language):
    assess(case, fay)
    assess(case, fay, asked=asked(case, facility=None, recovery=Recovery()), at=NOON + 2 * HOUR)
    ada.language = language
    ada.save()
    client = signed_in(ada)

    page = client.get(reverse("case-impact", args=[case.ref])).content.decode()
    first = client.get(reverse("case-impact-version", args=[case.ref, 1, 1]))

    assert {"en": "What changed since version 1", "zh-hans": "自第 1 版以来的变化"}[language] in page
    assert first.status_code == 200
    assert client.get(reverse("case-impact-version", args=[case.ref, 1, 9])).status_code == 404


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "The look-back over 40 periods cannot be tested"), ("zh-hans", "40 期回溯无法测试"),
])  # fmt: skip
def test_a_look_back_that_cannot_be_tested_says_why_beside_its_dash(case, fay, language, sentence):
    Covenant.objects.filter(kind="LOOK_BACK").update(periods=40)
    kept = impact_page.Kept(assess(case, fay))

    with translation.override(language):
        rows = dict(row for group in impact_page.groups(kept) for row in group.rows)
        figures = rows[gettext("Lowest look-back")]

    assert [figure.value for figure in figures] == ["–"] * 3
    assert all(figure.lines[0].startswith(sentence) for figure in figures)


def test_its_page_keeps_its_budget_of_statements(case, fay, signed_in):
    assess(case, fay)
    client, address = signed_in(fay), reverse("case-impact", args=[case.ref])
    client.get(address)

    with CaptureQueriesContext(connection) as asked_for:
        client.get(address)

    assert len(asked_for) <= BUDGET["case_impact"]


def test_a_case_without_an_impact_says_so(carla, case, ada, signed_in):
    address = reverse("case-impact", args=[case.ref])

    assert "The impact on the project is not assessed yet." in signed_in(ada).get(address).content.decode()
    assert signed_in(carla).get(address).status_code in (403, 404)


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"worst_p": "0.16"}, "worst_p", "The probabilities sum to 1.01. Make them exactly 1."),
        ({"likely_days": "soon"}, "likely_days", "Enter a whole number."),
        ({"likely_p": "half"}, "likely_p", "“half” is not a number."),
        ({"remedy": "June; 1; 2; 3"}, "remedy", "Row 1, month (2026-10): “June” is not a month."),
        ({"remedy": "2026-06; 1; x; 3"}, "remedy", "Row 1, Most likely case: “x” is not a number."),
        ({"remedy": "2026-06; 1; -2; 3"}, "remedy", "Row 1, Most likely case: Give 0 or more."),
        ({"remedy": "2026-06; 1; 2; 3\n2026-07; －4; 2; 3"}, "remedy", "Row 2, Best case: Give 0 or more."),
        ({"best_days": "150"}, "worst_days", "The best case delays the project by 138 days, the worst by 98."),
        ({"best_margin": "99000000"}, "worst_p", "The best case leaves CNY 99,"),
        ({"cfads": "1999-01; 1; 2; 3"}, "cfads", "Row 1: “1999-01” is no period of the facility."),
        ({"retention_pct": "101"}, "retention_pct", "Give a percentage from 0 to 100."),
        ({"ld_base": ""}, "ld_base", "Enter the sum that the percentage is taken of."),
        ({"lender": "no"}, "lender_reason", "The test says: yes. Say why you decide otherwise."),
        ({"milestone": ""}, "milestone", "This field is required."),
        ({"worst_claims": "-1"}, "worst_claims", "Give 0 or more."),
        ({"worst_claims": "9" * 30}, "worst_claims", "Give at most 1,000,000,000,000,000."),
        ({"remedy": "2026-06; 1; 2; " + "9" * 30}, "remedy", "Row 1, Worst case: Give at most"),
        ({"remedy": "0000-01; 1; 2; 3"}, "remedy", "“0000-01” is not a month."),
        ({"ld_rate": "101"}, "ld_rate", "Give a percentage from 0 to 100."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(case, fay, signed_in, more, field, sentence):
    answer = post(signed_in(fay), case, **more)

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert field in errors
    assert sentence in " ".join(errors[field])
    assert not FinanceImpact.objects.exists()


def test_the_api_gives_the_newest_version_to_staff_only(carla, case, fay, signed_in):
    address = f"/api/v1/complaints/{case.ref}/impact/"
    assert signed_in(fay).get(address).status_code == 404
    kept = assess(case, fay)

    found = signed_in(fay).get(address).json()

    assert (found["number"], found["delay_days"], found["payments_at_risk"]) == (1, 45, "28800000.00")
    assert record.canonical(found["result"]) == kept.result
    assert record.canonical(record.reckon(found["inputs"])) == kept.result
    assert signed_in(carla).get(address).status_code == 404
