"""Inviting people, their roles, closing accounts: who may, what is refused, what is written down."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import people, tokens
from accounts.models import Job, Membership, User
from accounts.roles import Role
from audit.models import Event
from tests.cast import NOON, person


def kinds(user) -> list[str]:
    """Return the kinds of this person's events, in order."""
    return list(
        Event.objects.filter(stream_kind="user", stream=user.uuid).order_by("seq").values_list("kind", flat=True)
    )


def form_of(user, **changes):
    """Return what the page of a person posts."""
    roles = [membership.role for membership in user.memberships.active()]
    fields = {"name": user.name, "language": user.language, "zone": user.zone, "department": "", "roles": roles}
    return fields | changes


def test_an_invited_person_holds_the_roles_and_is_owed_a_link(root, own):
    nora = people.invite("Nora@demo.test", name="Nora", organisation=own, roles=["QE", "TEC"], by=root, at=NOON)

    nora = User.objects.get(pk=nora.pk)
    assert nora.roles == {Role.QE, Role.TEC}
    assert not nora.has_usable_password()
    assert Job.objects.get().by == nora
    assert kinds(nora) == ["user.invited", "user.role_given", "user.role_given"]


def test_an_address_is_invited_once(root, ada, own):
    with pytest.raises(people.NotPossible):
        people.invite("ADA@demo.test", name="Ada", organisation=own, roles=[], by=root, at=NOON)


@pytest.mark.parametrize("role", ["QE", "ADM", "SUP"])
def test_people_of_a_customer_get_no_role_of_ours(root, carla, role):
    with pytest.raises(people.NotPossible):
        people.set_roles(carla, ["CUS", role], by=root, at=NOON)

    assert User.objects.get(pk=carla.pk).roles == {Role.CUS}


def test_roles_are_given_and_ended_and_their_history_stays(root, ada):
    people.set_roles(ada, ["QE"], by=root, at=NOON)

    assert User.objects.get(pk=ada.pk).roles == {Role.QE}
    assert Membership.objects.get(user=ada, role="CS").until == NOON
    assert kinds(ada) == ["user.role_ended", "user.role_given"]


def test_a_department_applies_to_all_roles(root, ada, departments):
    people.set_roles(ada, ["CS", "QE"], department=departments["QUALITY"], by=root, at=NOON)

    assert {held.department for held in ada.memberships.active()} == {departments["QUALITY"]}


def test_a_closed_account_loses_sessions_and_tokens_at_once(root, ada, signed_in):
    desk, token = signed_in(ada), tokens.issue(ada, name="import", at=NOON)

    ada = people.deactivate(ada, by=root, at=NOON)

    assert desk.get("/me/").status_code == 302
    assert tokens._find(token) is None
    people.reactivate(ada, by=root, at=NOON)
    assert desk.get("/me/").status_code == 302
    assert kinds(ada) == ["user.deactivated", "user.reactivated"]


def test_closing_twice_is_written_down_once(root, ada):
    for _time in range(2):
        people.deactivate(ada, by=root, at=NOON)

    assert kinds(ada) == ["user.deactivated"]


def test_nobody_closes_the_own_account(root):
    with pytest.raises(people.NotPossible):
        people.deactivate(root, by=root, at=NOON)


def test_one_administrator_must_be_left(root, own):
    other = person("Olga", own, Role.ADM)
    people.deactivate(root, by=other, at=NOON)

    with pytest.raises(people.NotPossible):
        people.set_roles(other, ["QE"], by=other, at=NOON)

    assert User.objects.get(pk=other.pk).may("users.manage")
    assert kinds(other) == []


def test_only_administrators_manage_people(lee, ada, own):
    for act in (people.deactivate, people.reactivate, people.invite_again):
        with pytest.raises(PermissionDenied):
            act(ada, by=lee, at=NOON)
    with pytest.raises(PermissionDenied):
        people.set_roles(ada, ["QM"], by=ada, at=NOON)
    with pytest.raises(PermissionDenied):
        people.invite("x@demo.test", name="X", organisation=own, roles=["ADM"], by=lee, at=NOON)


def test_the_pages_invite_change_close_and_open(root, own, signed_in):
    client = signed_in(root)
    fields = {"name": "Nora", "email": "nora@demo.test", "organisation": own.pk, "language": "en"}
    made = client.post("/settings/people/new/", fields | {"zone": "Asia/Shanghai", "roles": ["QE"]})
    nora = User.objects.get(email="nora@demo.test")
    page = f"/settings/people/{nora.uuid}/"
    assert made.url == page

    client.post(page, form_of(nora, roles=["QM"], name="Nora Li"))
    client.post(f"{page}deactivate/")
    nora = User.objects.get(pk=nora.pk)
    assert (nora.name, nora.is_active, nora.roles) == ("Nora Li", False, {Role.QM})

    client.post(f"{page}reactivate/")
    shown = client.get(page).text
    assert "account opened" in shown
    assert "role given: Quality manager" in shown


def test_a_refused_change_keeps_what_was_typed(root, signed_in):
    response = signed_in(root).post(f"/settings/people/{root.uuid}/", form_of(root, roles=["QE"], name="Rooty"))

    assert response.status_code == 422
    assert "One active administrator must be left" in response.text
    assert 'value="Rooty"' in response.text
    assert User.objects.get(pk=root.pk).name == "Root"


@pytest.mark.parametrize("verb", ["", "new/", "deactivate/", "reactivate/", "invite/"])
def test_the_pages_are_closed_to_the_others(verb, lee, carla, root, signed_in):
    for user in (lee, carla):
        path = f"/settings/people/{root.uuid}/{verb}" if verb != "new/" else "/settings/people/new/"
        assert signed_in(user).post(path).status_code == 403


def test_the_list_finds_by_name_and_address_in_a_fixed_number_of_queries(
    root, own, signed_in, django_assert_max_num_queries
):
    for number in range(60):
        person(f"Person{number}", own, Role.CS)
    client = signed_in(root)

    with django_assert_max_num_queries(8):
        page = client.get("/settings/people/")

    assert page.text.count("table__link") == 50
    assert "person59@demo.test" in client.get("/settings/people/?q=PERSON59").text
    assert "Nobody matches" in client.get("/settings/people/?q=zzz").text
