"""The complaints doors of the API, as a program meets them."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import Contact
from complaints.models import Complaint
from contracts.models import Contract, Lot, Product
from tests.cast import NOON
from tests.complaints.factories import received, triaged

URL = "/api/v1/complaints/"
INTAKE = {"customer": "ACME", "description": "The gearbox of unit 3 hums.\nSince Monday.", "found_on": "2026-05-11"}


class Program:
    """A client with a bearer token that speaks JSON."""

    def __init__(self, user) -> None:
        self.client = Client()
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {tokens.issue(user, name='test', at=timezone.now())}"}

    def get(self, url, **extra):
        return self.client.get(url, **self.headers, **extra)

    def send(self, method, url, body, **extra):
        send = getattr(self.client, method)
        return send(url, json.dumps(body), content_type="application/json", **self.headers, **extra)

    def post(self, url, body, **extra):
        return self.send("post", url, body, **extra)


@pytest.fixture
def as_ada(ada) -> Program:
    return Program(ada)


def test_three_fields_make_a_received_case(as_ada, acme):
    answer = as_ada.post(URL, INTAKE)

    assert answer.status_code == 201
    body = answer.json()
    assert body["state"] == "RECEIVED"
    assert body["title"] == "The gearbox of unit 3 hums."
    assert {clock["metric"] for clock in body["clocks"]} == {"ACK", "TRIAGE", "INITIAL", "UPDATE", "RESOLVE"}
    assert answer["Location"].endswith(f"{URL}{body['ref']}/")
    assert answer["ETag"] == f'"v{body["version"]}"'


def test_a_draft_has_no_number_and_no_clock(as_ada, acme):
    answer = as_ada.post(URL, {**INTAKE, "draft": True})

    assert answer.json()["state"] == "DRAFT"
    assert Complaint.objects.get().ref is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"customer": "NOBODY"}, "customer"),
        ({"description": "  "}, "description"),
        ({"found_on": "05/06/26"}, "found_on"),
        ({"safty": "NO"}, "safty"),
        ({"safety": "PERHAPS"}, "safety"),
        ({"quantity_affected": "1,5"}, "quantity_affected"),
        ({"description": "nul \x00"}, "description"),
        ({"at": "2999-01-01T00:00:00Z"}, "at"),
        ({"remedy_asked": "REWORK"}, "remedy_asked"),
        ({"lot": "no such"}, "lot"),
    ],
)
def test_bad_input_names_the_field(as_ada, acme, change, field):
    answer = as_ada.post(URL, {**INTAKE, **change})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["field"].split(".")[0] for error in answer.json()["errors"]] == [field]
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("body", ["[1]", "3", '"x"', "{", "null"])
def test_a_body_that_is_no_object_is_answered_in_words(as_ada, acme, body):
    answer = as_ada.client.post(URL, body, content_type="application/json", **as_ada.headers)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_receipt_in_the_future_is_refused_with_the_rule(as_ada, acme):
    answer = as_ada.post(URL, {**INTAKE, "received_at": (timezone.now() + timedelta(days=1)).isoformat()})

    assert answer.status_code == 409
    assert [why["code"] for why in answer.json()["reasons"]] == ["received_in_future"]


def test_a_moment_given_with_the_request_does_not_hide_a_late_registration(as_ada, acme):
    then = (timezone.now() - timedelta(days=30)).isoformat()
    late = {**INTAKE, "found_on": "2025-01-01", "at": then}

    answers = [as_ada.post(URL, late), as_ada.post(URL, {**late, "received_at": then})]
    proven = as_ada.post(URL, {**late, "received_at": then, "late_proof": "Letter of that day"})

    assert [why["code"] for answer in answers for why in answer.json()["reasons"]] == ["received_too_early"] * 2
    assert proven.status_code == 201


def test_receipt_after_the_moment_of_registration_is_refused(as_ada, acme):
    hours = [(timezone.now() - timedelta(hours=ago)).isoformat() for ago in (3, 2)]

    answer = as_ada.post(URL, {**INTAKE, "at": hours[0], "received_at": hours[1]})

    assert [why["code"] for why in answer.json()["reasons"]] == ["received_in_future"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"found_on": "0001-01-01"}, "found_on_long_ago"),
        ({"found_on": "1990-01-01"}, "found_on_long_ago"),
        ({"received_at": "0001-01-02T00:00:00Z", "late_proof": "Letter"}, "received_long_ago"),
        ({"quantity_affected": 5, "quantity_delivered": "4.5"}, "quantity_above_delivered"),
    ],
)
def test_impossible_facts_are_refused_with_the_rule(as_ada, acme, change, code):
    answer = as_ada.post(URL, {**INTAKE, **change})

    assert [why["code"] for why in answer.json()["reasons"]] == [code]
    assert not Complaint.objects.exists()


def test_an_edit_cannot_make_facts_impossible_either(as_ada, ada):
    case = received(ada)

    answer = as_ada.send(
        "patch", f"{URL}{case.ref}/", {"quantity_affected": 5, "found_on": "0001-01-01"}, HTTP_IF_MATCH="*"
    )

    codes = [why["code"] for why in answer.json()["reasons"]]
    assert codes == ["found_on_long_ago", "quantity_above_delivered"]


def test_a_title_stays_on_one_line(as_ada, acme, ada):
    made = as_ada.post(URL, {**INTAKE, "title": "Gearbox\r\nhums", "contact_name": "Carla\r\nBcc: all"}).json()

    edit = as_ada.send("patch", f"{URL}{made['ref']}/", {"title": "Bearing\n gone"}, HTTP_IF_MATCH="*").json()

    assert (made["title"], made["contact_name"]) == ("Gearbox hums", "Carla Bcc: all")
    assert edit["title"] == "Bearing gone"


@pytest.mark.parametrize("field", ["contract", "contact", "lot"])
def test_what_belongs_to_another_firm_is_missing_like_what_is_not_there(acme, rival, carla, mallory, field):
    product = Product.objects.create(code="G1", name="Gearbox", unit="pcs")
    theirs = {
        "contract": Contract.objects.create(number="R-1", customer=rival, title="Theirs", currency="CNY").number,
        "contact": Contact.objects.create(organisation=rival, name="Mo", email="mo@rival.test").pk,
        "lot": Lot.objects.create(product=product, number="L-1").number,
    }

    foreign = Program(carla).post(URL, {**INTAKE, field: theirs[field]})
    missing = Program(carla).post(URL, {**INTAKE, field: 10**9 if field == "contact" else "none"})

    assert (foreign.status_code, missing.status_code) == (400, 400)
    assert foreign.json()["errors"] == missing.json()["errors"]


def test_the_same_key_logs_one_case(as_ada, acme):
    first = as_ada.post(URL, INTAKE, HTTP_IDEMPOTENCY_KEY="k1")
    again = as_ada.post(URL, INTAKE, HTTP_IDEMPOTENCY_KEY="k1")
    other = as_ada.post(URL, {**INTAKE, "title": "Other"}, HTTP_IDEMPOTENCY_KEY="k1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Complaint.objects.count() == 1


def test_a_list_is_filtered_and_paged_by_cursor(as_ada, ada, rival):
    cases = [received(ada, at=NOON + timedelta(minutes=number)) for number in range(3)]
    received(ada, customer=rival, at=NOON)

    page = as_ada.get(f"{URL}?customer=ACME&page_size=2").json()
    rest = as_ada.get(page["next"]).json()

    assert [row["ref"] for row in page["results"]] == [cases[2].ref, cases[1].ref]
    assert [row["ref"] for row in rest["results"]] == [cases[0].ref]
    assert {"ref", "title", "state", "grade", "received_at", "clocks"} <= page["results"][0].keys()
    assert as_ada.get(f"{URL}?state=TRIAGED").json()["results"] == []
    assert as_ada.get(f"{URL}?state=NOSUCH").status_code == 400
    assert len(as_ada.get(f"{URL}?q=gearbox hums").json()["results"]) == 4


def test_a_list_asks_the_database_the_same_however_long(as_ada, ada, django_assert_max_num_queries):
    for number in range(6):
        received(ada, at=NOON + timedelta(minutes=number))

    with django_assert_max_num_queries(8):
        as_ada.get(URL)


def test_foreign_and_missing_look_the_same(ada, carla, mallory):
    complaint = received(ada, customer=carla.organisation)
    stranger = Program(mallory)

    foreign, missing = stranger.get(f"{URL}{complaint.ref}/"), stranger.get(f"{URL}QC-2026-99999/")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() == missing.json()
    assert stranger.get(f"{URL}{complaint.ref}/events/").status_code == 404
    assert stranger.post(f"{URL}{complaint.ref}/transitions/accept/", {}).status_code == 404


@pytest.mark.parametrize("field", ["at", "received_at", "late_proof"])
def test_a_customer_s_report_came_in_when_it_came_in(carla, field):
    answer = Program(carla).post(URL, {**INTAKE, field: "2026-05-01T00:00:00Z"})

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_customer_sees_no_grade_no_clocks_and_no_inner_events(ada, quinn, carla):
    complaint = triaged(quinn, registered_by=ada, customer=carla.organisation)
    program = Program(carla)

    body = program.get(f"{URL}{complaint.ref}/").json()

    assert not {"grade", "clocks", "owner", "state", "department"} & body.keys()
    assert program.get(f"{URL}{complaint.ref}/clocks/").status_code == 404
    assert {row["kind"] for row in program.get(f"{URL}{complaint.ref}/events/").json()} <= {
        "case.registered",
        "letter.sent",
    }
    assert program.get(URL).json()["results"][0].keys() == body.keys()


def test_transitions_say_what_is_allowed_and_why_not(ada, quinn):
    complaint = received(ada)

    moves = {move["verb"]: move for move in Program(quinn).get(f"{URL}{complaint.ref}/transitions/").json()}

    assert len(moves) == 20
    assert moves["triage"]["allowed"] is True
    assert "owner" in [field["name"] for field in moves["triage"]["fields"]]
    assert moves["close"]["allowed"] is False
    assert moves["close"]["reasons"][0]["code"] == "state_does_not_allow"


def test_a_move_is_made_with_what_its_form_asks(ada, quinn, departments):
    complaint = received(ada, nonconformity=[])
    body = {
        "consequence": 3, "extent": 3, "customer_impact": 2, "recurrence": 1, "owner": quinn.email,
        "department": "quality", "nonconformity": ["DEFECT"], "safety": "NO", "found_where": "IN_USE",
        "goods_unknown_because": "Plate unreadable", "quantity_affected": "2", "quantity_delivered": "60",
        "remedy_asked": ["REWORK"], "no_contract_because": "Spot purchase", "duplicate_checked": True,
    }  # fmt: skip

    answer = Program(quinn).post(f"{URL}{complaint.ref}/transitions/triage/", body)

    assert answer.status_code == 200, answer.json()
    assert (answer.json()["state"], answer.json()["grade"]) == ("TRIAGED", "G3")


def test_an_incomplete_move_is_answered_by_field(ada, quinn):
    complaint = received(ada)

    answer = Program(quinn).post(f"{URL}{complaint.ref}/transitions/triage/", {"consequence": 9})

    assert answer.status_code == 400
    assert {"consequence", "owner"} <= {error["field"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("at", [True, False, [True], 5])
def test_a_moment_that_is_none_is_answered_by_field(ada, quinn, at):
    complaint = received(ada)

    answer = Program(quinn).post(f"{URL}{complaint.ref}/transitions/triage/", {"at": at})

    assert answer.status_code == 400
    assert "at" in {error["field"] for error in answer.json()["errors"]}


def test_an_unlisted_move_answers_409_and_an_unknown_verb_404(ada, lee):
    complaint = received(ada)
    program = Program(lee)

    unlisted = program.post(f"{URL}{complaint.ref}/transitions/close/", {})

    assert unlisted.status_code == 409
    assert unlisted.json()["reasons"][0]["code"] == "state_does_not_allow"
    assert program.post(f"{URL}{complaint.ref}/transitions/explode/", {}).status_code == 404


def test_who_may_not_is_told_so(ada, fay):
    complaint = received(ada)

    assert Program(fay).post(f"{URL}{complaint.ref}/transitions/triage/", {}).status_code == 403


def test_an_edit_needs_the_version_that_was_read(as_ada, ada):
    complaint = received(ada)
    url = f"{URL}{complaint.ref}/"
    etag = as_ada.get(url)["ETag"]

    assert as_ada.send("patch", url, {"title": "New"}).status_code == 428
    done = as_ada.send("patch", url, {"title": "New"}, HTTP_IF_MATCH=etag)
    stale = as_ada.send("patch", url, {"title": "Newer"}, HTTP_IF_MATCH=etag)

    assert (done.status_code, done.json()["title"]) == (200, "New")
    assert stale.status_code == 412
    assert Complaint.objects.get().title == "New"


def test_the_original_text_cannot_be_edited(as_ada, ada):
    complaint = received(ada)
    url = f"{URL}{complaint.ref}/"

    answer = as_ada.send("patch", url, {"description": "kinder"}, HTTP_IF_MATCH=as_ada.get(url)["ETag"])

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "description"


def test_without_a_token_nothing_opens(acme):
    answer = Client().get(URL)

    assert answer.status_code in {401, 403}
    assert answer["Content-Type"] == "application/problem+json"


def test_the_schema_is_served_and_names_the_doors(client):
    schema = client.get("/api/v1/schema/").json()

    assert {
        "/api/v1/complaints/",
        "/api/v1/complaints/{ref}/",
        "/api/v1/complaints/{ref}/transitions/",
        "/api/v1/complaints/{ref}/transitions/{verb}/",
        "/api/v1/complaints/{ref}/clocks/",
        "/api/v1/complaints/{ref}/events/",
    } <= schema["paths"].keys()


def test_reasons_come_in_the_reader_s_language(ada, lee):
    lee.language = "zh-hans"
    lee.save()
    complaint = received(ada)

    answer = Program(lee).post(f"{URL}{complaint.ref}/transitions/close/", {}, HTTP_ACCEPT_LANGUAGE="zh-hans")

    assert answer.json()["reasons"][0]["params"] == {"state": "RECEIVED"}


def test_the_8d_report_is_missing_then_owed(ada, quinn, mallory):
    complaint = triaged(quinn, registered_by=ada)
    program, url = Program(quinn), f"{URL}{complaint.ref}/8d.pdf"
    assert program.get(url).status_code == 404

    made = program.post(f"{URL}{complaint.ref}/transitions/make_8d/", {"language": "en"})
    owed = program.get(url, HTTP_ACCEPT="application/pdf")

    assert made.status_code == 200, made.json()
    assert (owed.status_code, owed["Retry-After"]) == (202, "3")
    assert Program(mallory).get(url).status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("received_after=0001-01-01T00:00:00%2B14:00", 400),
        ("received_before=9999-12-31T23:59:59-12:00", 400),
        ("cursor=cD0w", 404),
        ("cursor=cD0yMDI2", 404),
    ],
)
def test_an_instant_that_cannot_be_is_the_caller_s_fault(as_ada, ada, query, status):
    received(ada)

    assert as_ada.get(f"{URL}?{query}").status_code == status


def test_a_body_nested_without_end_is_answered(as_ada):
    answer = as_ada.client.post(URL, "[" * 20_000, content_type="application/json", **as_ada.headers)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("at", [10**30, 5, 1.5, {"a": 1}, [1]])
def test_a_moment_that_is_no_text_is_answered_by_field(as_ada, ada, at):
    answer = as_ada.post(f"{URL}{received(ada).ref}/transitions/withdraw/", {"statement": "We were wrong.", "at": at})

    assert answer.status_code in {200, 400}


def test_the_day_of_the_find_cannot_be_moved_behind_the_receipt(as_ada, ada):
    case = received(ada)

    answer = as_ada.send("patch", f"{URL}{case.ref}/", {"found_on": "9999-12-31"}, HTTP_IF_MATCH="*")

    assert answer.status_code == 409
    assert [why["code"] for why in answer.json()["reasons"]] == ["found_on_in_future"]
    assert Complaint.objects.get(pk=case.pk).found_on == case.found_on


def test_words_that_nobody_can_see_are_no_description(as_ada, acme):
    answer = as_ada.post(URL, {**INTAKE, "description": " \u200b\u2060 "})

    assert [why["code"] for why in answer.json()["reasons"]] == ["description_missing"]
