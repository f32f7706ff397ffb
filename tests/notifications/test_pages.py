"""The page of what could not be sent."""

import pytest

from audit.models import Pending
from notifications.models import Delivery
from tests.cast import NOON


@pytest.fixture
def dead(owed):
    Delivery.objects.update(state="DEAD", last_error="550 No such user", subject="About QC-2026-00001", attempts=3)
    return Delivery.objects.get()


def test_a_manager_sees_what_was_given_up_and_why(dead, lee, signed_in):
    page = signed_in(lee).get("/notifications/").content.decode()

    assert "550 No such user" in page
    assert "ada@demo.test" in page


def test_without_dead_mails_the_page_says_so(db, root, signed_in):
    assert "No e-mail was given up." in signed_in(root).get("/notifications/").content.decode()


def test_retrying_puts_it_back(dead, lee, signed_in):
    answer = signed_in(lee).post(f"/notifications/{dead.uuid}/retry/")

    assert answer.status_code == 302
    assert Delivery.objects.get().state == "RETRY"


def test_an_event_nobody_was_told_of_is_shown_and_revived(happen, root, signed_in):
    event = happen("kind.nobody.knows")
    Pending.objects.update(dead_at=NOON, last_error="KeyError")
    client = signed_in(root)

    assert "kind.nobody.knows" in client.get("/notifications/").content.decode()
    client.post(f"/notifications/untold/{event.pk}/retry/")

    assert Pending.objects.get(event=event).dead_at is None


@pytest.mark.parametrize("name", ["ada", "carla"])
def test_others_may_not_look_or_retry(dead, request, name, signed_in):
    client = signed_in(request.getfixturevalue(name))

    assert client.get("/notifications/").status_code == 403
    assert client.post(f"/notifications/{dead.uuid}/retry/").status_code == 403
    assert Delivery.objects.get().state == "DEAD"


def test_a_get_does_not_retry(dead, lee, signed_in):
    assert signed_in(lee).get(f"/notifications/{dead.uuid}/retry/").status_code == 405


def test_nobody_in_particular_is_asked_to_sign_in(client, db):
    assert client.get("/notifications/").status_code == 302
