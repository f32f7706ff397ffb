"""Logging a complaint on the page: three fields, files, drafts, wrong input, live help."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import Contact, Draft
from complaints import look_alikes
from complaints.models import Complaint, Evidence, SlaClock
from contracts.models import Contract, ContractVersion, Lot, Product
from tests.cast import NOON
from tests.complaints.factories import events_of, received

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
THREE = {"customer": "ACME", "description": "Unit 3 vibrates.\nSince Monday.", "found_on": "2026-05-11"}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.fixture(autouse=True)
def files_in(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path


@pytest.fixture
def desk(ada, acme, signed_in):
    return signed_in(ada)


def send(client, *, to="/cases/new/", once="form-1", do="log", **said):
    return client.post(to, {"once": once, "do": do, **THREE, **said})


def photo(name="IMG_1.jpg") -> SimpleUploadedFile:
    bytes_ = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(bytes_, "JPEG")
    return SimpleUploadedFile(name, bytes_.getvalue(), "image/jpeg")


def test_three_fields_make_a_case_with_its_clocks(desk, ada):
    answer = send(desk)

    case = Complaint.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/cases/{case.ref}/")
    assert (case.state, case.title, case.received_at) == ("RECEIVED", "Unit 3 vibrates.", NOON)
    assert case.registered_by == ada
    assert SlaClock.objects.filter(complaint=case).count() == 5


def test_everything_that_is_known_is_taken(desk, acme):
    contact = Contact.objects.create(organisation=acme, name="Li Na", phone="13812341402", language="zh-hans")
    product = Product.objects.create(code="G3", name="Gearbox")
    lot = Lot.objects.create(product=product, number="B2309")

    send(
        desk, contact=contact.pk, channel="EMAIL", title="Vibration", found_where="IN_USE", goods="B2309",
        quantity_affected="1", quantity_delivered="6", safety="NO", work_stopped="on", remedy_asked=["REWORK", "PARTS"],
    )  # fmt: skip

    case = Complaint.objects.get()
    assert (case.contact, case.channel, case.title, case.found_where) == (contact, "EMAIL", "Vibration", "IN_USE")
    assert (case.lot, case.product, case.serial) == (lot, product, "")
    assert (case.quantity_affected, case.quantity_delivered) == (1, 6)
    assert (case.safety, case.work_stopped, case.remedy_asked) == ("NO", True, ["REWORK", "PARTS"])
    assert case.language == "zh-hans"  # of the contact: letters go to them


def test_a_number_that_nobody_knows_is_kept_as_told(desk):
    send(desk, goods="XY-77")

    assert (Complaint.objects.get().serial, Complaint.objects.get().lot) == ("XY-77", None)


def contract(customer, number, **fields) -> Contract:
    made = Contract.objects.create(number=number, title="Gearboxes", customer=customer, currency="CNY", **fields)
    ContractVersion.objects.create(contract=made, version=1, effective_from=date(2025, 1, 1))
    return made


def test_the_only_contract_in_force_is_named_by_itself_but_never_one_of_several(desk, acme, rival):
    only = contract(acme, "HT-1")
    contract(rival, "HT-9")
    send(desk, once="a")
    first = Complaint.objects.get()
    assert (first.contract, first.contract_version.version) == (only, 1)

    second = contract(acme, "HT-2")
    send(desk, once="b")
    assert Complaint.objects.latest("pk").contract is None
    send(desk, once="c", contract=second.pk)
    assert Complaint.objects.latest("pk").contract == second


def test_a_contract_of_another_customer_is_refused(desk, rival):
    theirs = contract(rival, "HT-9")

    assert send(desk, contract=theirs.pk).status_code == 422
    assert not Complaint.objects.exists()


def test_photos_go_with_the_case(desk, ada):
    send(desk, files=[photo(), photo("../../plate.jpg")])

    case = Complaint.objects.get()
    assert {row.name for row in case.evidence.all()} == {"IMG_1.jpg", "plate.jpg"}
    assert len(events_of(case, "evidence.added")) == 2


def test_a_bad_file_is_told_by_name_and_text_and_good_files_are_kept(desk):
    empty = SimpleUploadedFile("empty.pdf", b"")
    lying = SimpleUploadedFile("photo.png", b"%PDF-1.7 not a picture")

    answer = send(desk, files=[photo(), empty, lying])

    assert answer.status_code == 422
    assert "“empty.pdf” is empty. Choose another file." in answer.text
    assert "“photo.png” is not what its name says (application/pdf)." in answer.text
    assert "Unit 3 vibrates." in answer.text
    assert not Complaint.objects.exists()
    assert not Evidence.objects.exists()

    kept = re.findall(r'name="kept" value="([^"]+)"', answer.text)
    assert len(kept) == 1
    send(desk, kept=kept)
    assert [row.name for row in Complaint.objects.get().evidence.all()] == ["IMG_1.jpg"]


def test_a_file_over_the_limit_is_told_so(desk, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    large = SimpleUploadedFile("video.mov", b"x" * (1024 * 1024 + 1))

    answer = send(desk, files=[large])

    assert answer.status_code == 422
    assert "“video.mov” is larger than 1 MB. Choose a smaller one." in answer.text


def test_a_good_file_survives_a_wrong_field_and_too_many_are_refused(desk, settings):
    answer = send(desk, files=[photo()], found_on="")
    assert len(re.findall(r'name="kept"', answer.text)) == 1

    settings.EVIDENCE_MAX_FILES = 1
    kept = re.findall(r'name="kept" value="([^"]+)"', answer.text)
    again = send(desk, kept=kept, files=[photo("second.jpg")])
    assert "More than 1 files at once." in again.text


def test_nobody_can_claim_a_file_of_somebody_else(desk, signed_in, quinn):
    answer = send(desk, files=[photo()], found_on="")
    kept = re.findall(r'name="kept" value="([^"]+)"', answer.text)

    send(signed_in(quinn), kept=[*kept, "made-up"])

    assert not Complaint.objects.get().evidence.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"customer": ""}, "Name the customer."),
        ({"customer": "NOBODY"}, "This customer is not known. Choose one from the list."),
        ({"product": "NOTHING"}, "This product is not known. Choose one from the list."),
        ({"description": "  "}, "Write what happened, as told."),
        ({"found_on": ""}, "Enter the date the fault was found."),
        ({"found_on": "2026-05-13"}, "The fault cannot have been found after the complaint came in."),
        ({"found_on": "yesterday"}, "Enter a valid date."),
        ({"received_at": "2026-05-13T08:00"}, "The complaint cannot have been received in the future."),
        ({"received_at": "2026-05-01T08:00", "found_on": "2026-04-30"}, "Receipt lies more than 7 days before"),
        ({"quantity_affected": "many"}, "many"),
        ({"contact_email": "not-an-address"}, "Enter a valid email address."),
    ],
)
def test_wrong_input_is_told_beside_its_field_and_what_was_typed_stays(desk, said, told):
    answer = send(desk, title="My own title", **said)

    assert answer.status_code == 422
    assert told in answer.text
    assert "My own title" in answer.text
    assert "errsum" in answer.text
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"customer": ""}, "请"),
        ({"customer": "NOBODY"}, "没有这个客户，请从列表中选择"),
        ({"found_on": ""}, "发现日期"),
        ({"files": [SimpleUploadedFile("empty.pdf", b"")]}, "empty.pdf"),
    ],
)
def test_wrong_input_is_told_in_chinese_too(desk, said, told):
    desk.post("/i18n/setlang/", {"language": "zh-hans"})

    answer = send(desk, **said)

    summary = answer.text.split('class="errsum"')[1].split("</section>")[0]
    assert answer.status_code == 422
    assert told in summary
    assert not re.search(r">[A-Z][a-z]+ [a-z]+", summary)  # no English sentence is left


def test_an_old_complaint_is_taken_with_its_proof(desk):
    answer = send(desk, received_at="2026-05-01T08:00", found_on="2026-04-30", late_proof="Letter of 1 May")

    assert answer.status_code == 302
    assert Complaint.objects.get().received_at == NOON - timedelta(days=11, hours=4)


def test_sending_twice_makes_one_case(desk):
    first, second = send(desk), send(desk)

    assert Complaint.objects.count() == 1
    assert second.headers["Location"] == first.headers["Location"]
    send(desk, once="another form")
    assert Complaint.objects.count() == 2


def test_the_same_form_of_another_person_is_another_case(desk, cleo, signed_in):
    send(desk)
    send(signed_in(cleo))

    assert Complaint.objects.count() == 2


def test_after_logging_there_is_a_way_to_the_next_one(desk):
    send(desk)

    page = desk.get("/queue/").text
    assert "QC-2026-00001 logged" in page
    assert '<a href="/cases/new/?customer=ACME">Log another for Acme Wind</a>' in page
    assert '<option value="ACME" selected>' in desk.get("/cases/new/?customer=ACME").text


def test_text_is_taken_as_it_comes(desk):
    send(desk, description="<script>alert(1)</script> 三号机 \u202e\nsecond")

    assert Complaint.objects.get().description.startswith("<script>alert(1)</script> 三号机")
    assert "<script>alert" not in desk.get("/queue/?view=unassigned").text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_racing_clicks_one_makes_the_case_and_all_lead_to_it(desk, ada, signed_in):
    clients, together = [signed_in(ada) for _n in range(6)], Barrier(6)

    def click(client):
        together.wait()
        try:
            return send(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(click, clients))

    assert {answer.headers["Location"] for answer in answers} == {Complaint.objects.get().get_absolute_url()}
    assert Complaint.objects.get().ref == "QC-2026-00001"


@pytest.mark.django_db(transaction=True)
def test_statements_of_logging_are_budgeted(desk):
    send(desk, once="warm")

    with CaptureQueriesContext(connection) as asked:
        send(desk, once="counted")

    assert len(asked) <= BUDGET["intake_post"], [query["sql"][:90] for query in asked.captured_queries]

    with CaptureQueriesContext(connection) as asked:
        desk.get("/cases/new/?customer=ACME")
    assert len(asked) <= BUDGET["intake"], [query["sql"][:90] for query in asked.captured_queries]


# Who -----------------------------------------------------------------------------------------------------------------


def test_customers_and_those_without_the_right_are_refused(carla, fay, signed_in, client):
    for path in ("/cases/new/", "/x/intake-help/"):
        assert signed_in(carla).get(path).status_code == 403
        assert signed_in(fay).get(path).status_code == 403
    assert send(signed_in(carla)).status_code == 403
    assert client.get("/cases/new/").headers["Location"].startswith("/login/")
    assert not Complaint.objects.exists()


# Drafts --------------------------------------------------------------------------------------------------------------


def test_a_draft_needs_nothing_and_is_taken_up_again(desk, ada):
    desk.post("/cases/new/", {"once": "d", "do": "draft", "title": "Half", "customer": "ACME", "files": [photo()]})

    draft = Complaint.objects.get()
    assert (draft.state, draft.ref, draft.title) == ("DRAFT", None, "Half")
    assert "Half" in desk.get("/cases/drafts/").text
    page = desk.get(f"/cases/new/?draft={draft.uuid}").text
    assert 'value="Half"' in page
    assert "IMG_1.jpg" in page

    kept = re.findall(r'name="kept" value="([^"]+)"', page)
    answer = send(desk, to=f"/cases/new/?draft={draft.uuid}", title="Whole", kept=kept)

    case = Complaint.objects.get()
    assert answer.headers["Location"] == f"/cases/{case.ref}/"
    assert (case.pk, case.state, case.title) == (draft.pk, "RECEIVED", "Whole")
    assert case.evidence.count() == 1
    assert not Draft.objects.filter(user=ada).exists()


def test_a_draft_is_its_authors_alone(desk, quinn, signed_in):
    send(desk, do="draft")
    draft = Complaint.objects.get()

    other = signed_in(quinn)
    assert other.get(f"/cases/new/?draft={draft.uuid}").status_code == 404
    assert other.post(f"/cases/new/discard/?draft={draft.uuid}").status_code == 404
    assert other.get("/cases/new/?draft=nonsense").status_code == 404
    assert "Unit 3" not in other.get("/cases/drafts/").text
    assert not list(Complaint.objects.received())


def test_a_draft_can_be_discarded_but_never_a_case(desk):
    send(desk, do="draft")
    draft = Complaint.objects.get()

    desk.post(f"/cases/new/discard/?draft={draft.uuid}")
    assert not Complaint.objects.exists()

    send(desk, once="real")
    case = Complaint.objects.get()
    assert desk.post(f"/cases/new/discard/?draft={case.uuid}").status_code == 404
    assert Complaint.objects.count() == 1


def test_what_was_typed_and_never_sent_is_offered_again(desk, ada):
    desk.post("/x/draft/", {"key": "intake", "body": "description=Unit+3+hums&customer=ACME&remedy_asked=PARTS"})

    page = desk.get("/cases/new/").text
    assert "You have a draft from 12:00." in page
    assert "Unit 3 hums" not in page

    resumed = desk.get("/cases/new/?resume").text
    assert "Unit 3 hums" in resumed
    assert '<option value="ACME" selected>' in resumed
    assert re.search(r'value="PARTS"[^>]*checked', resumed)

    send(desk)
    assert not Draft.objects.filter(user=ada, key="intake").exists()


def test_typed_text_can_be_discarded(desk, ada):
    desk.post("/x/draft/", {"key": "intake", "body": "description=Unit+3"})

    desk.post("/cases/new/discard/?typed")

    assert not Draft.objects.filter(user=ada).exists()


# Live help -----------------------------------------------------------------------------------------------------------


def test_help_tells_what_follows_from_the_fields(desk, ada, acme, rival):
    product = Product.objects.create(code="G3", name="Gearbox")
    lot = Lot.objects.create(product=product, number="B2309")
    same = received(ada, title="Same lot", product=product, lot=lot)
    received(ada, title="Other customer", customer=rival, product=product)
    contract(acme, "HT-1")
    Contact.objects.create(organisation=acme, name="Li Na", phone="13812341402")

    help_ = desk.get("/x/intake-help/", {"customer": "ACME", "goods": "B2309", "found_on": "2026-05-11"}).text

    assert same.ref in help_
    assert "same lot" in help_
    assert "same product" in help_  # of another customer: what was learnt there serves here
    assert help_.index(same.ref) < help_.index("Other customer")
    assert "Contract HT-1" in help_
    assert "Li Na, 138****1402" in help_
    assert "14 May 2026, 12:00" in help_  # initial analysis: 48 hours
    assert "because the question of danger is not answered" in help_


def test_help_bears_any_input(desk):
    for said in ({}, {"customer": "x"}, {"found_on": "2026-99-99", "received_at": "soon", "goods": "%"}):
        assert desk.get("/x/intake-help/", said).status_code == 200


def test_many_customers_are_looked_up_instead_of_listed(desk):
    from tests.cast import organisation

    for number in range(16):
        organisation(f"C{number}", f"Firm {number}", "CUSTOMER")

    page = desk.get("/cases/new/?customer=C3").text
    assert 'hx-get="/x/lookup/customers/"' in page
    assert 'value="C3"' in page
    assert send(desk, customer="Firm 12").status_code == 302  # by its name
    assert Complaint.objects.get().customer.code == "C12"


def test_the_live_help_bears_a_receipt_at_the_end_of_time(desk):
    said = {"customer": "ACME", "received_at": "9999-12-31T23:59", "found_on": "9999-12-31"}

    assert desk.get("/x/intake-help/", said).status_code == 200


def test_a_receipt_on_the_first_day_of_the_calendar_is_answered_by_field(desk, acme):
    said = {"customer": "ACME", "description": "It hums.", "found_on": "0001-01-01", "received_at": "0001-01-01T00:00"}

    assert desk.post("/cases/new/", said).status_code == 422


def test_what_happened_finds_like_cases_while_it_is_typed(ada, acme, signed_in):
    like = received(ada, description="The shaft seal of the pump leaks oil onto the floor", title="Shaft seal leaks")
    look_alikes.keep_owed()
    asked = {"customer": acme.code, "said": "Oil leaks from the shaft seal"}

    page = signed_in(ada).get("/x/intake-help/", asked).content.decode()

    assert like.ref in page
    assert "Similar cases" in page
    form = signed_in(ada).get("/cases/new/").content.decode()
    assert 'name="said" value="" data-help data-clip-of="id_description"' in form
