"""
One-time links by mail with which a person sets a password: the invitation (72 hours) and the reset (30 minutes).

A mail is owed as a Job row; the link is made when it is sent, so no secret is ever stored.
"""

from datetime import datetime, timedelta

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import jobs
from accounts.link_tokens import LinkTokens
from accounts.models import Job, User

KIND = "password_link"
TRIES = 10


def link_for(user: User) -> str:
    """Return the address at which `user` sets a password, once."""
    key = {"uidb36": user_pk_to_url_str(user), "key": LinkTokens().make_token(user)}
    return settings.PUBLIC_URL + reverse("account_reset_password_from_key", kwargs=key)


def owe(user: User, *, at: datetime) -> Job:
    """Owe `user` a mail with a link; asking twice before it is sent gives one mail."""
    owed = Job.objects.filter(kind=KIND, by=user, state=Job.State.OWED).first()
    return owed or jobs.owe(KIND, by=user, at=at)


def send_owed(*, now: datetime, owner: str) -> int:
    """Send the mails that are owed; return how many went out. Safe to run twice and on several workers."""
    sent = 0
    while job := jobs.claim([KIND], owner=owner, now=now):
        sent += _send(job, now=now)
    return sent


def _send(job: Job, *, now: datetime) -> bool:
    """Send one mail outside any transaction; if that fails, put it off, and give it up after TRIES."""
    if not job.by.is_active:
        jobs.finish(job, at=now, failed=True)
        return False
    try:
        _mail(job).send()
    except OSError as error:
        tried = job.report.get("tries", 0) + 1
        wait = None if tried >= TRIES else timedelta(seconds=2**tried)
        jobs.put_off(job, now=now, wait=wait, report={"tries": tried, "error": str(error)[:500]})
        return False
    return jobs.finish(job, at=now)


def _mail(job: Job) -> EmailMessage:
    user = job.by
    with translation.override(user.language):
        words = {"user": user, "link": link_for(user), "invited": not user.has_usable_password()}
        subject = _("Set your password for Redress")
        body = render_to_string("emails/password_link.txt", words)
    headers = {"Message-ID": f"<{job.uuid}@{settings.MESSAGE_ID_HOST}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, to=[user.email], headers=headers)
