"""People say which products they know; whoever names a team reads it (R11, R40)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from complaints import competences, experts, lifecycle
from complaints.lifecycle import Refused
from complaints.models import Competence
from contracts.models import Product
from tests.cast import NOON
from tests.complaints.factories import received, triaged

BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
HOUR = timedelta(hours=1)
URL = "/settings/competences/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(db) -> Product:
    return Product.objects.create(code="GX-1", name="Gearbox", family="Gearboxes")


def declared(person: User, **said) -> Competence:
    said = {"by": person, "family": "Gearboxes", "what": "Bearings", **said}
    return competences.declare(person, at=NOON, **said)


def kinds(person: User) -> list[str]:
    return [event.kind for event in Event.objects.of("user", person.uuid)]


def test_what_is_declared_holds_until_it_is_withdrawn(box, quinn):
    row = declared(quinn)
    assert list(Competence.objects.of_goods(box)) == [row]

    for _ in range(2):
        competences.withdraw(row, by=quinn, at=NOON + HOUR)

    assert not Competence.objects.of_goods(box)
    assert kinds(quinn) == ["user.competence_declared", "user.competence_withdrawn"]


def test_the_same_again_changes_nothing_and_other_words_are_another_row(box, quinn):
    first = declared(quinn)
    assert declared(quinn, what=" Bearings ") == first

    declared(quinn, what="Bearings and seals")

    assert [row.what for row in Competence.objects.order_by("pk")] == ["Bearings", "Bearings and seals"]
    assert [row.what for row in Competence.objects.holding()] == ["Bearings and seals"]


def test_a_family_that_no_product_has_is_refused(box, quinn):
    with pytest.raises(Refused) as refusal:
        declared(quinn, family="Pumps")

    assert [(why.code, why.params) for why in refusal.value.reasons] == [("family_unknown", {"family": "Pumps"})]


def test_of_others_only_those_keep_it_who_may(box, quinn, sam, cleo, root):
    row = declared(sam, by=cleo)

    for act in (lambda: declared(sam, by=quinn, what="Seals"), lambda: competences.withdraw(row, by=quinn, at=NOON)):
        with pytest.raises(PermissionDenied):
            act()
    with pytest.raises(Refused) as refusal:
        declared(root)  # works on no cases

    assert [why.code for why in refusal.value.reasons] == ["person_unfit"]
    assert Competence.objects.get().ended_at is None


def test_the_database_keeps_one_that_holds_a_family(box, quinn):
    row = declared(quinn)

    with pytest.raises(IntegrityError), transaction.atomic():
        Competence.objects.create(user=quinn, family=row.family, declared_by=quinn, declared_at=NOON)


def test_whoever_declared_it_is_proposed_with_the_word_after_whoever_proved_it(ada, quinn, lee, sam, box):
    declared(sam)
    declared(lee)
    User.objects.filter(pk=lee.pk).update(is_active=False)
    case = received(ada, product=box)

    found = experts.propose(case, ada, who=[quinn.pk, lee.pk, sam.pk], at=NOON)

    assert [(one.user, one.declares, one.proved) for one in found] == [(sam, "Gearboxes: Bearings", 0)]
    assert experts.PROVED > experts.DECLARED > experts.SAT


def test_the_page_that_names_the_team_and_the_team_itself_say_it(ada, quinn, lee, sam, box, signed_in):
    declared(sam)
    case = triaged(quinn, registered_by=ada, product=box)

    page = signed_in(quinn).get(reverse("case-do", args=[case.ref, "mobilise"])).content.decode()
    case = lifecycle.mobilise(case, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(sam,))

    assert "declares: Gearboxes: Bearings" in page
    assert dict(case.team.values_list("user__name", "competence")) == {"Quinn": "", "Lee": "", "Sam": "Bearings"}


def test_one_declares_and_withdraws_on_the_page(box, quinn, sam, signed_in):
    other, client = declared(sam), signed_in(quinn)

    made = client.post(URL, {"family": "Gearboxes", "what": "Seals", "person": sam.email})
    page = client.get(URL).content.decode()
    row = quinn.competences.get()
    foreign = client.post(URL, {"withdraw": other.pk})
    gone = client.post(URL, {"withdraw": row.pk})

    assert (made.status_code, foreign.status_code, gone.status_code) == (302, 404, 302)
    assert "Seals" in page
    assert f'value="{row.pk}"' in page
    assert f'name="withdraw" value="{other.pk}"' not in page
    assert [one.user for one in Competence.objects.holding()] == [sam]


def test_who_may_keeps_those_of_others_on_the_page(box, cleo, sam, root, signed_in):
    signed_in(cleo).post(URL, {"family": "Gearboxes", "person": sam.email})
    refused = signed_in(root).post(URL, {"family": "Gearboxes", "person": root.email})

    assert Competence.objects.get().user == sam
    assert refused.status_code == 422


@pytest.mark.parametrize("said", [{"family": "Pumps"}, {"family": ""}, {"family": "Gearboxes", "what": "x" * 121}])
def test_what_does_not_fit_is_answered_in_words(box, quinn, signed_in, said):
    assert signed_in(quinn).post(URL, said).status_code == 422


@pytest.mark.parametrize("key", ["", "x", "9" * 40, "0"])
def test_a_row_that_is_not_there_is_not_found(box, quinn, signed_in, key):
    assert signed_in(quinn).post(URL, {"withdraw": key}).status_code == 404


def test_the_page_keeps_its_budget_however_many_know_something(box, quinn, sam, lee, signed_in):
    for person in (quinn, sam, lee):
        declared(person)
    client = signed_in(quinn)
    client.get(URL)  # what a process reads once

    with CaptureQueriesContext(connection) as asked:
        client.get(URL)

    assert len(asked) <= BUDGET["competences"]


def test_a_customer_has_no_such_page(carla, signed_in):
    assert signed_in(carla).get(URL).status_code == 403
