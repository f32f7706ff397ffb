"""
A customer's contact tries every door: what the contract gives, who disputes it, and what it does to a project is ours.

The case holds an assessment, disputes, an impact, a project and notes, each with a word or sum of its own that may
appear in no answer to them; what is foreign answers 404 as what is missing.
"""

import json
import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from complaints import assessing, conversation, impacts, lifecycle
from complaints.models import Complaint
from contracts import demo
from contracts.finance import Damages, Name, Scenario
from contracts.models import Contract, Project
from contracts.money import Money
from tests.complaints import contract_case as under
from tests.complaints.test_api import Program
from tests.remediation.stories import HOUR, PROPOSED, SENT, approved, claiming, cny, drafted

WORDS = (
    "SECRETSOURCE", "SECRETREMARK", "SECRETDISPUTE", "SECRETANSWER", "SECRETIMPACT", "SECRETLENDER", "SECRETNOTE",
    "SECRETTEXT", "ZB-200", "Zhangbei",
)  # fmt: skip
SUMS = ("7654321", "7,654,321", "8765432", "8,765,432", "6543210", "6,543,210", "9,345.00", "9345.00")
INNER = ("UNDETERMINED", "NOT_ENTITLED", "gate N", "LD_PER_UNIT", "DSCR", "CANARY")
OURS = (
    "case", "case-entitlement", "case-impact", "case-remedy", "case-diagnosis", "case-do", "contracts:list",
    "contracts:contract", "contracts:gaps", "contracts:days", "contracts:versions", "contracts:compare",
    "contracts:export", "contracts:clause", "contracts:projects", "contracts:project", "contracts:part",
    "contracts:lookup_contracts", "contracts:lookup_lots", "contracts:lookup_products", "search", "queue",
    "dashboard", "dashboard_csv", "approvals",
)  # fmt: skip
PUBLIC = re.compile(r"^(portal|account_|mfa_|tracker|survey|livez|readyz|home|me$|set_|ui$|keys$|api-|end_|my_|save_)")


@pytest.fixture
def case(who, acme, carla, mallory, sam, lin, fay, at_noon):
    demo.load(structurer=sam, checker=lin, keeper=fay, at=PROPOSED, today=PROPOSED.date())
    complaint = claiming(who, acme)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE contracts_clause SET text = 'SECRETTEXT'")
    facts = under.FACTS | {"losses": [["DIRECT_LOSS", "7654321.00"]]}
    assessing.state_facts(complaint, by=who.quinn, at=PROPOSED, source="SECRETSOURCE", facts=facts)
    kept = assessing.assess(complaint, by=who.lin, at=PROPOSED, remark="SECRETREMARK")
    dispute = assessing.dispute_verdict(
        complaint, by=who.quinn, at=PROPOSED, what="LD_PER_UNIT 8.2", wanted="ENTITLED", because="SECRETDISPUTE",
        amount=Money(Decimal("8765432.00"), "CNY"),
    )  # fmt: skip
    assessing.decide_dispute(dispute, by=who.lin, at=PROPOSED, decision="DISMISSED", answer="SECRETANSWER")
    _impact(complaint, fay)
    conversation.note(complaint, by=who.ada, at=PROPOSED, body="SECRETNOTE")
    pays = {"kind": "COMPENSATION", "description": "Agreed damages", "cost": cny(9345), "head": "LD_PER_UNIT 8.2"}
    approved(who, drafted(who, complaint, pays | {"entitlement": kept}), by=(who.cleo,))
    sent = lifecycle.send_proposal(Complaint.objects.get(pk=complaint.pk), by=who.quinn, at=SENT)
    at_noon(SENT + HOUR)
    return sent


def _impact(complaint, fay):
    """Keep an impact on a project, with a project that stands beside the customer's own contract."""
    project = Project.objects.get(code="ZB-200")
    Complaint.objects.filter(pk=complaint.pk).update(project=project)
    complaint.refresh_from_db()
    remedy = {"2026-06": Decimal("6543210")}
    shares = ((Name.BEST, "0.25"), (Name.LIKELY, "0.50"), (Name.WORST, "0.25"))
    scenarios = tuple(
        Scenario(name=name, p=Decimal(p), quality_delay_days=50, remedy_by_month=remedy) for name, p in shares
    )
    asked = impacts.Asked(
        milestone=project.milestones.get(name="M3 Commissioning"), waiting=(), facility=project.facilities.get(),
        damages=Damages(base=Decimal(0), rate_pct_per_day=Decimal(0)), scenarios=scenarios,
    )  # fmt: skip
    impacts.assess_impact(complaint, by=fay, at=PROPOSED, asked=asked, reputation=2, note="SECRETIMPACT",
                          lender=True, lender_reason="SECRETLENDER")  # fmt: skip


def told(response) -> str:
    """Return all that an answer says: its body and its headers."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace") + json.dumps(dict(response.headers))


def leaks(text: str, *allowed: str) -> list[str]:
    return [secret for secret in (*WORDS, *SUMS, *INNER) if secret not in allowed and secret in text]


def patterns(resolver=None, prefix="", space=""):
    """Yield (name, kinds of its parameters) of every address of the house."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each, prefix, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern) and each.name:
            yield f"{space}{each.name}", each.pattern.converters


def values(case, names):
    """Return what fits the parameters of an address, as close to the case's own things as it goes."""
    contract = case.contract
    clause = contract.versions.get().clauses.first()
    known = {
        "ref": case.ref, "pk": clause.pk, "code": "ZB-200", "part": "milestone", "name": "assess_by_contract",
        "number": 1, "cycle": 1, "form": "yaml", "uuid": str(case.uuid), "token": "x" * 32, "slug": "x",
        "figure": "cases", "year": 2026, "metric": "INITIAL",
    }  # fmt: skip
    return {name: known.get(name, "x") for name in names}


def addresses(case):
    """Return (name, address) of every page that can be named, for the case's own reference and for its contract's."""
    found = []
    for name, converters in patterns():
        said = values(case, converters)
        refs = [case.ref, case.contract.ref, "QC-2026-99999"] if "ref" in converters else [""]
        for ref in refs:
            try:
                found.append((name, reverse(name, kwargs=said | ({"ref": ref} if ref else {}))))
            except Exception:
                continue
    return found


def test_no_address_of_the_house_tells_a_customer_what_is_ours(case, carla, signed_in):
    client, seen = signed_in(carla), 0

    for name, address in addresses(case):
        if name == "account_logout":
            continue
        response = client.get(address)
        assert response.status_code < 500, address
        echoed = ["ZB-200"] if "ZB-200" in address else []  # a refusal names the address that was asked for
        assert not leaks(told(response), *echoed), (address, response.status_code)
        if not PUBLIC.match(name) and response.status_code == 200:
            seen += 1
            assert "contracts:" not in name, address

    assert len(addresses(case)) > 100


def test_our_own_pages_answer_customers_alike_whether_the_thing_is_there_or_not(case, carla, mallory, signed_in):
    for name in OURS:
        kinds = dict(patterns())[name]
        ref = case.contract.ref if name.startswith("contracts:") else case.ref
        address = reverse(name, kwargs=values(case, kinds) | ({"ref": ref} if "ref" in kinds else {}))
        missing = re.sub(r"QC-2026-\d+|HT-2026-\d+|ZB-200", "QC-2026-99999", address)
        wanted = 404 if name.startswith("contracts:") else 403  # at the door of our staff nothing is looked up

        for person in (carla, mallory):
            client = signed_in(person)
            answers = [client.get(each).status_code for each in (address, missing)]
            assert answers == [wanted, wanted], name


def test_nobody_without_sign_in_reads_them(case):
    for name in OURS:
        kinds = dict(patterns())[name]
        response = Client().get(reverse(name, kwargs=values(case, kinds)))

        assert response.status_code in (302, 404), name
        assert not leaks(told(response), "ZB-200"), name  # the address that was asked for comes back as `next`


def test_the_api_tells_a_customer_nothing_of_it(case, carla, mallory):
    for tail in ("", "transitions/", "clocks/", "events/", "entitlement/", "impact/", "8d.pdf"):
        own = Program(carla).get(f"/api/v1/complaints/{case.ref}/{tail}")
        foreign = Program(mallory).get(f"/api/v1/complaints/{case.ref}/{tail}")
        missing = Program(mallory).get(f"/api/v1/complaints/QC-2026-99999/{tail}")

        assert not leaks(told(own)), tail
        assert (foreign.status_code, missing.status_code) == (404, 404), tail
        assert own.status_code == 404 or tail not in ("entitlement/", "impact/")


def test_no_search_finds_a_case_by_what_is_ours(case, carla):
    program = Program(carla)
    assert len(program.get("/api/v1/complaints/", data={"q": case.ref}).json()["results"]) == 1

    for query in (*WORDS, *SUMS, "gate N", "LD_PER_UNIT", "HT-2026-018"):
        listed = program.get("/api/v1/complaints/", data={"q": query})
        assert listed.status_code == 200
        assert listed.json()["results"] == [], query


def test_no_filter_answers_what_is_not_shown(case, carla, who):
    known = {"grade": case.grade, "state": case.state, "owner": case.owner.email if case.owner else who.ada.email}
    other = {"grade": "G1" if case.grade != "G1" else "G4", "state": "CLOSED", "owner": "nobody@demo.test"}

    for name in known:
        right, wrong = (
            Program(carla).get("/api/v1/complaints/", data={name: each[name]}).json() for each in (known, other)
        )
        assert right == wrong, name
        assert Program(who.ada).get("/api/v1/complaints/", data={name: other[name]}).json()["results"] == []


VERBS = ("assess_by_contract", "dispute_verdict", "decide_dispute", "assess_impact", "state_facts", "confirm_basis")


def test_no_act_on_it_is_offered_or_done(case, carla, mallory, signed_in):
    before = [row.count() for row in (case.entitlements, case.verdict_disputes, case.finance_impacts)]
    offered = Program(carla).get(f"/api/v1/complaints/{case.ref}/transitions/").content.decode()

    for verb in VERBS:
        page = reverse("case-do", args=[case.ref, verb])
        program = f"/api/v1/complaints/{case.ref}/transitions/{verb}/"
        assert [signed_in(who).post(page, {"once": "a"}).status_code for who in (carla, mallory)] == [403, 403]
        assert Program(carla).post(program, {}).status_code in (403, 404)
        assert Program(mallory).post(program, {}).status_code == 404
        assert verb not in offered

    assert [row.count() for row in (case.entitlements, case.verdict_disputes, case.finance_impacts)] == before


def test_projects_and_contracts_take_nothing_from_customers(case, carla, signed_in):
    project, client = Project.objects.get(code="ZB-200"), signed_in(carla)
    step = project.milestones.first()

    for address in (
        reverse("contracts:new_project"), reverse("contracts:part", args=["ZB-200", "milestone", step.pk]),
        reverse("contracts:remove_part", args=["ZB-200", "milestone", step.pk]), reverse("contracts:import"),
        reverse("contracts:new_version", args=[case.contract.ref]),
    ):  # fmt: skip
        assert client.post(address, {"name": "Mine"}).status_code == 404

    assert project.milestones.filter(pk=step.pk, name=step.name).exists()
    assert Contract.objects.filter(pk=case.contract_id).exists()


def test_the_letter_and_its_list_tell_only_what_is_offered(case, carla, mallory, signed_in):
    letter = case.letters.get(kind="PROPOSAL")
    page = signed_in(carla).get(reverse("portal-case", args=[case.ref]))

    assert str(letter.uuid) in page.content.decode()
    assert not leaks(told(page))
    assert not leaks(json.dumps(letter.facts, ensure_ascii=False), "LD_PER_UNIT")
    address = reverse("portal-letter", args=[case.ref, letter.uuid])
    assert signed_in(mallory).get(address).status_code == 404
    assert signed_in(mallory).get(reverse("portal-letter", args=[case.ref, uuid.uuid4()])).status_code == 404


def test_the_links_by_mail_tell_it_neither(case):
    page = Client().get(reverse("tracker", args=[case.tracker_link.token]))

    assert page.status_code == 200
    assert not leaks(told(page))
