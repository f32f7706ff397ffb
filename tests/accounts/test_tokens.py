"""Bearer tokens: shown once, good for active people until they are revoked."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from accounts import tokens
from accounts.models import ApiToken, User
from audit.models import Event
from tests.cast import NOON


def arrive(header):
    """Return whom the header lets in, or None."""
    request = APIRequestFactory().get("/", headers={"Authorization": header} if header else {})
    found = tokens.BearerToken().authenticate(request)
    return found and found[0]


def test_a_token_lets_its_person_in_and_is_not_stored(ada):
    token = tokens.issue(ada, name="import", at=NOON)

    assert arrive(f"Bearer {token}") == ada
    assert token not in str(ApiToken.objects.values())
    assert ApiToken.objects.get().last_used_at


@pytest.mark.parametrize("header", ["", "Basic abc", "Bearerrdr_x"])
@pytest.mark.django_db
def test_other_headers_are_not_our_business(header):
    assert arrive(header) is None


@pytest.mark.parametrize("given", ["", " ", "null", "undefined", "rdr_", "rdr_wrong", "None", "rdr_\xe4", "a b"])
def test_a_wrong_or_empty_token_never_matches(ada, given):
    tokens.issue(ada, name="import", at=NOON)

    with pytest.raises(AuthenticationFailed):
        arrive(f"Bearer {given}")


def test_a_revoked_token_does_not_work(ada):
    token = tokens.issue(ada, name="import", at=NOON)

    assert tokens.revoke_all(ada, at=NOON) == 1

    with pytest.raises(AuthenticationFailed):
        arrive(f"Bearer {token}")


def test_a_deactivated_person_does_not_get_in(ada):
    token = tokens.issue(ada, name="import", at=NOON)
    User.objects.update(is_active=False)

    with pytest.raises(AuthenticationFailed):
        arrive(f"Bearer {token}")


def test_use_is_noted_at_most_once_an_hour(ada, django_assert_num_queries):
    token = tokens.issue(ada, name="import", at=NOON)
    arrive(f"Bearer {token}")

    with django_assert_num_queries(1):
        arrive(f"Bearer {token}")


def test_the_command_prints_a_token_that_works(ada):
    out = StringIO()
    call_command("issue_token", "ADA@demo.test", stdout=out)

    assert arrive(f"Bearer {out.getvalue().strip()}") == ada


def test_the_command_says_when_nobody_has_that_address(ada):
    User.objects.update(is_active=False)

    with pytest.raises(CommandError, match=r"ada@demo\.test"):
        call_command("issue_token", "ada@demo.test")


def test_people_revoke_only_their_own(ada, lee, signed_in):
    tokens.issue(lee, name="of Lee", at=NOON)
    token = ApiToken.objects.get()

    assert signed_in(ada).post(f"/me/security/tokens/{token.pk}/revoke/").status_code == 404
    assert signed_in(lee).post(f"/me/security/tokens/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at
    [event] = Event.objects.of("user", lee.uuid)
    assert (event.kind, event.by_id, event.facts) == ("user.token_revoked", lee.pk, {"token": token.pk})


def test_ending_all_sessions_leaves_a_trace(lee, signed_in):
    tokens.issue(lee, name="of Lee", at=NOON)

    signed_in(lee).post("/me/security/end-sessions/")

    [event] = Event.objects.of("user", lee.uuid)
    assert (event.kind, event.facts) == ("user.sessions_ended", {"tokens": 1})
