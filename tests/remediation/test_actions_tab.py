"""The tab of everything that is to be done leads to the acts of this room, too."""

from django.urls import resolve, reverse

from complaints import acts
from remediation import capa
from tests.cast import NOON
from tests.remediation.stories import RESOLVED, following_up


def test_an_open_action_of_prevention_leads_to_its_act(who, signed_in):
    complaint = following_up(who)
    row = capa.open_capa(complaint, by=who.quinn, at=RESOLVED, problem="Wear", owner=who.lee, due_on=NOON.date())
    capa.add_action(
        row, by=who.quinn, at=RESOLVED, description="Change the nozzle yearly", strength=2, owner=who.lee,
        due_on=NOON.date(),
    )  # fmt: skip

    rows = signed_in(who.quinn).get(reverse("case-actions", args=[complaint.ref])).context["rows"]

    address = next(row["act"] for row in rows if row["what"] == "Change the nozzle yearly")
    assert acts.get(resolve(address.partition("?")[0]).kwargs["name"]) is not None
