"""The tracker by link: status and dates, no words, names, sums or files; it dies, and guessing is slowed down."""

import re
from datetime import timedelta

from django.urls import reverse

from complaints import conversation, lifecycle
from portal import access
from tests.cast import NOON
from tests.complaints.factories import received
from tests.remediation.stories import ACCEPTED, HOUR, RESOLVED, SENT, cny, following_up, negotiating

DAY = timedelta(days=1)


def open_link(client, complaint, **options):
    return client.get(reverse("tracker", args=[complaint.tracker_link.token]), **options)


def test_it_says_by_when_we_answer(client, who, at_noon):
    complaint = received(who.ada)
    at_noon(NOON + HOUR)

    page = open_link(client, complaint).content.decode().replace("\u00a0", " ")

    assert "You will hear from us by Thu 14 May 12:00 (GMT+8)" in page


def test_nobody_keeps_it_and_nobody_is_told_where_it_came_from(client, who, at_noon):
    complaint = received(who.ada)
    at_noon(NOON + HOUR)

    response = open_link(client, complaint)

    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]


def test_it_shows_that_something_waits_but_neither_sums_nor_names_nor_words(client, who, carla, at_noon):
    paying = {"kind": "COMPENSATION", "description": "Standstill secret", "cost": cny(9000), "amount": cny(9000)}
    complaint = negotiating(
        who, {**paying, "entitlement": None, "goodwill": True, "goodwill_reason": "Peace"}, by=(who.lee,)
    )
    conversation.reply(complaint, by=who.ada, at=SENT, body="Between us only")
    at_noon(SENT + HOUR)

    page = open_link(client, complaint).content.decode()

    assert "Waiting for you" in page
    for secret in ("9,000", "9000", "Standstill secret", "Between us", "Quinn", "Ada", "Carla", complaint.title):
        assert secret not in page


def test_it_changes_nothing(client, who, at_noon):
    complaint = received(who.ada)
    at_noon(NOON + HOUR)

    assert client.post(reverse("tracker", args=[complaint.tracker_link.token])).status_code == 405


def test_a_missed_date_is_said_first(client, who, at_noon):
    complaint = received(who.ada)
    at_noon(NOON + 3 * DAY)

    page = open_link(client, complaint).content.decode().replace("\u00a0", " ")

    assert "Our initial analysis comes later than we promised." in page
    assert "You were to have it by Thu 14 May 12:00 (GMT+8)." in page
    assert page.index("later than we promised") < page.index("Where your case stands")


def test_it_dies_ninety_days_after_the_case_ended(client, who, at_noon):
    complaint = received(who.ada)
    complaint = lifecycle.withdraw(complaint, by=who.ada, at=NOON + HOUR, statement="Solved itself.")

    at_noon(NOON + HOUR + 90 * DAY)
    assert open_link(client, complaint).status_code == 200
    at_noon(NOON + HOUR + 90 * DAY + timedelta(seconds=1))
    assert open_link(client, complaint).status_code == 404


def test_a_case_that_is_followed_up_keeps_its_link(client, who, at_noon):
    complaint = following_up(who)
    at_noon(RESOLVED + 200 * DAY)

    assert open_link(client, complaint).status_code == 200


def test_revoked_unknown_and_empty_links_look_the_same(client, who, at_noon):
    complaint = received(who.ada)
    at_noon(NOON + HOUR)
    complaint.tracker_link.revoked_at = NOON
    complaint.tracker_link.save()

    revoked = open_link(client, complaint)
    unknown = client.get("/t/nobody-ever-had-this-token/")
    empty = client.get("/t/%20/")

    assert revoked.status_code == unknown.status_code == empty.status_code == 404
    assert _bare(revoked) == _bare(unknown)


def test_an_address_that_guesses_has_to_wait(client, who, at_noon):
    complaint = received(who.ada)
    at_noon(NOON + HOUR)
    for number in range(access.GUESSES):
        assert client.get(f"/t/guess-{number}/").status_code == 404

    response = open_link(client, complaint)
    elsewhere = open_link(client, complaint, REMOTE_ADDR="203.0.113.7")

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "600"
    assert elsewhere.status_code == 200


def test_the_language_is_chosen_in_the_link(client, who, at_noon):
    complaint = received(who.ada)
    at_noon(NOON + HOUR)

    page = client.get(reverse("tracker", args=[complaint.tracker_link.token]) + "?lang=zh-hans").content.decode()

    assert 'lang="zh-Hans"' in page
    assert "?lang=en" in page


def test_the_customer_who_is_signed_in_goes_on_without_signing_in_again(who, carla, signed_in, at_noon):
    complaint = negotiating(who)
    at_noon(ACCEPTED)

    page = open_link(signed_in(carla), complaint).content.decode()

    assert "Sign in" not in page
    assert reverse("portal-proposal", args=[complaint.ref]) in page


def _bare(response) -> str:
    """Return the page without what differs from request to request."""
    return re.sub(r'value="(?:\w{64}|/t/[^"]*)"', "", response.content.decode())
