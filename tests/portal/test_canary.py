"""
What is ours stays ours: every text of every row of a case is replaced by a marked word, and none of them may show.

SHOWN names the few fields that a customer may read; whatever a room adds later is not shown until it stands here.
"""

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import reverse

from complaints import conversation
from complaints.models import Complaint
from contracts.exact import ExactDecimalField
from remediation.models import SurveyInvitation
from tests.portal.stories import seen
from tests.remediation.stories import ACCEPTED, DONE, HOUR, RESOLVED, SENT, executing, following_up, negotiating
from tests.remediation.stories import verifying as checked

SHOWN = {
    "Complaint": {
        "title", "description", "serial", "ref", "unit", "contact_name", "contact_email", "contact_phone",
    },
    "InitialAnalysis": {"questions"},
    "Evidence": {"name", "caption"},
    "Letter": {"number"},
    "TrackerLink": {"token"},
    "Message": {"author"},  # and the body of those that are not INTERNAL
    "Proposal": {"conditions", "reservation"},
    "ProposalLine": {"description", "unit"},
    "NegotiationEntry": {"text"},  # their own words
    "Acceptance": {"name", "evidence"},
    "SurveyInvitation": {"token", "email"},
    "SurveyResponse": {"text"},
}  # fmt: skip
MARKED = 6  # a shorter text cannot hold a mark
# what is reckoned, kept as one whole with the sums beside it: no words of people
RECKONED = {"CaseTerm": {"term"}, "EntitlementAssessment": {"record"}, "FinanceImpact": {"inputs", "result"}}
STATES = {"negotiating": negotiating, "executing": executing, "verifying": checked, "following_up": following_up}
MOMENTS = {"negotiating": SENT, "executing": ACCEPTED, "verifying": DONE, "following_up": RESOLVED}


def mark() -> list[str]:
    """Replace every internal text in the rows of the two rooms; return the marks. Numbers of money become 987654321."""
    marks = []
    for model in (*apps.get_app_config("complaints").get_models(), *apps.get_app_config("remediation").get_models()):
        for field in model._meta.concrete_fields:
            if _is_internal(model, field):
                marks.append(f"CANARY{model.__name__}{field.name}"[: field.max_length or 200])
                _write(model, field, marks[-1])
        for money in [field for field in model._meta.concrete_fields if field.name == "cost_minor"]:
            _write(model, money, 987654321)
    _write_notes()
    return [*marks, "CANARYnote", "9,876,543", "987654321", "9876543.21"]


def _is_internal(model: type[models.Model], field: models.Field) -> bool:
    text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, ExactDecimalField)
    coded = field.choices or field.unique or field.name.endswith("_currency") or field.name in ("language", "currency")
    counted = field.name in ("source", "subject", "step", "facts_hash", "state", "lease_owner") or field.primary_key
    coded = coded or (field.max_length or MARKED) < MARKED  # a letter of a plan, not words
    counted = counted or field.name in RECKONED.get(model.__name__, ())
    return (
        text and not coded and not counted and field.name not in SHOWN.get(model.__name__, ()) and field.name != "body"
    )


def _write(model: type[models.Model], field: models.Field, value: Any) -> None:
    with connection.cursor() as cursor:
        table, column = (connection.ops.quote_name(name) for name in (model._meta.db_table, field.column))
        cursor.execute(f"UPDATE {table} SET {column} = %s", [value])


def _write_notes() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE complaints_message SET body = 'CANARYnote' WHERE audience = 'INTERNAL'")


OURS = ("G1", "G2", "G3", "G4", "SLA", "NEGOTIATING", "Negotiating", "escalat", "breach")


def addresses(complaint: Complaint) -> list[str]:
    """Return every page of the case that a customer or a link opens."""
    names = ("portal-case", "portal-received", "portal-proposal", "portal-proposal-receipt", "portal-result")
    links = [reverse("tracker", args=[complaint.tracker_link.token])]
    links += [reverse("survey", args=[row.token]) for row in SurveyInvitation.objects.all()]
    return ["/portal/", "/portal/new/", *(reverse(name, args=[complaint.ref]) for name in names), *links]


@pytest.mark.parametrize("state", STATES)
def test_no_internal_text_shows_on_any_page(who, carla, signed_in, at_noon, state):
    complaint = STATES[state](who)
    conversation.note(complaint, by=who.ada, at=MOMENTS[state], body="Between us")
    conversation.reply(complaint, by=who.ada, at=MOMENTS[state], body="For you")
    at_noon(MOMENTS[state] + HOUR)
    marks = mark()
    customer = signed_in(carla)

    bodies = [client.get(address) for client in (customer, Client()) for address in addresses(complaint)]

    assert sum(response.status_code == 200 for response in bodies) >= 6
    for response in bodies:
        page = response.content.decode()
        assert not [text for text in marks if text in page], response.request["PATH_INFO"]
        assert "CANARY" not in page


def test_neither_grades_nor_our_words_for_states_show(who, carla, signed_in, at_noon):
    complaint = negotiating(who)
    at_noon(SENT + HOUR)

    for address in ("/portal/", *addresses(complaint)[2:5]):
        page = seen(signed_in(carla).get(address))
        assert [word for word in OURS if word in page] == [], address


def test_neither_do_they_in_a_refusal(who, carla, signed_in, at_noon):
    complaint = negotiating(who)
    at_noon(SENT + HOUR)
    mark()
    address = reverse("portal-proposal-answer", args=[complaint.ref])

    said = {"answer": "accept", "version": 9, "name": "Carla", "once": uuid.uuid4().hex}
    response = signed_in(carla).post(address, said)

    assert response.status_code == 409
    assert "CANARY" not in response.content.decode()


def test_the_marks_reach_what_they_should(who):
    negotiating(who)

    marks = mark()

    for part in ("goodwill_reason", "suspected_cause", "reasoning", "override_reason", "comment"):
        assert any(part in text for text in marks), part
