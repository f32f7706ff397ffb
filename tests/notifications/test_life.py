"""From the verbs themselves to the mail: what a real case tells, each thing once."""

from datetime import date, timedelta

import pytest
from django.core import mail

import audit
from complaints import lifecycle, response
from complaints.sweeping import sweep_all
from notifications import recipients
from notifications.delivery import deliver
from notifications.fanout import fan_out
from notifications.models import Delivery
from remediation import followup
from remediation.models import Proposal, SurveyInvitation
from tests.cast import NOON
from tests.complaints.factories import received, triaged

pytestmark = pytest.mark.django_db


def told_by(now, template=None):
    """Do what the periodic tasks do; return who was sent which template."""
    while fan_out(now):
        pass
    sent = set(Delivery.objects.filter(state="SENT").values_list("pk", flat=True))
    while deliver(now):
        pass
    rows = Delivery.objects.filter(state="SENT").exclude(pk__in=sent)
    return sorted(row for row in rows.values_list("address", "template") if template in (None, row[1]))


def test_registering_sends_the_receipt_with_the_48_hour_date(ada):
    complaint = received(ada)

    assert told_by(NOON) == [("carla@acme.test", "receipt")]
    assert complaint.ref in mail.outbox[0].subject
    assert "14 May 2026, 12:00 (UTC+08:00)" in mail.outbox[0].body


def test_each_step_of_the_48_hours_is_told_once_to_whom_it_concerns(ada, quinn, cleo, lee, max):
    complaint = triaged(quinn, registered_by=ada)
    lifecycle.acknowledge(complaint, by=ada, at=NOON + timedelta(hours=1))
    stopped = {
        "location": "INSTALLED",
        "action": "Unit 3 stopped",
        "owner": quinn,
        "effective_at": NOON + timedelta(hours=1),
    }
    response.contain(complaint, by=quinn, at=NOON + timedelta(hours=1), **stopped)
    told_by(NOON + timedelta(hours=1))
    heard = {}
    for hour in (24, 36, 44, 49):
        for _ in range(2):
            sweep_all(now=NOON + timedelta(hours=hour))
            rows = told_by(NOON + timedelta(hours=hour))
            heard.setdefault(hour, []).append([row for row in rows if row[1].startswith("sla")])

    assert [twice[1] for twice in heard.values()] == [[], [], [], []]
    assert heard[24][0] == [("quinn@demo.test", "sla_warned")]
    assert heard[36][0] == [("cleo@demo.test", "sla_warned"), ("quinn@demo.test", "sla_warned")]
    assert heard[44][0] == [("lee@demo.test", "sla_warned")]
    assert ("lee@demo.test", "sla_breached") in heard[49][0]


def test_an_old_case_is_registered_without_a_mail(ada):
    received(ada, at=NOON - timedelta(days=3), found_on=date(2026, 5, 8))
    sweep_all(now=NOON)

    assert told_by(NOON) == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"STALE"}


def test_the_trail_of_a_told_case_holds(ada, quinn):
    triaged(quinn, registered_by=ada)
    told_by(NOON + timedelta(hours=1))

    assert audit.verify().bad is None


def test_a_survey_goes_to_the_address_it_was_made_out_to(ada):
    followup.invite(received(ada), by=ada, at=NOON)

    assert ("carla@acme.test", "survey_invitation") in told_by(NOON)
    [message] = [message for message in mail.outbox if "how did we do" in message.subject]
    assert f"/s/{SurveyInvitation.objects.get().token}/" in message.body
    assert "2 June 2026, 12:00 (UTC+08:00)" in message.body


@pytest.fixture
def proposal(ada, quinn):
    complaint = triaged(quinn, registered_by=ada)
    return Proposal.objects.create(
        complaint=complaint, cycle=1, number=1, drafted_by=quinn, drafted_at=NOON, submitted_by=quinn, submitted_at=NOON
    )


def happened(proposal, kind, by, **facts):
    """Return the event as remediation records it."""
    return audit.record("case", proposal.complaint.uuid, kind, by=by, at=NOON, facts={"proposal": 1, **facts})


def test_those_whose_agreement_is_needed_are_asked_and_the_executive_told(proposal, quinn, lee, max, monkeypatch):
    needed = type("Needed", (), {"pending": True, "who": (lee, quinn)})
    monkeypatch.setattr(recipients.approvals, "approvers_needed", lambda proposal: [needed])

    notices = recipients.notices(happened(proposal, "proposal.submitted", quinn, tell=["EXE"]))

    assert [(notice.user, notice.template) for notice in notices] == [(lee, "approval_wanted"), (max, "case_news")]


@pytest.mark.parametrize(("complete", "readers"), [(False, 0), (True, 1)])
def test_the_proposer_learns_of_the_last_approval_only(proposal, quinn, lee, complete, readers):
    event = happened(proposal, "proposal.approved", lee, level="QM", complete=complete)

    assert len(recipients.notices(event)) == readers
