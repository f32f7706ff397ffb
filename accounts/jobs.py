"""Long work as rows: owed, claimed under a lease, advanced, finished by whoever still holds the lease."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import Job, User

LEASE = timedelta(minutes=5)


def owe(kind: str, *, by: User, at: datetime, report: dict[str, Any] | None = None) -> Job:
    """Owe work of `kind` to `by`; return the job."""
    return Job.objects.create(kind=kind, by=by, created_at=at, report=report or {})


@transaction.atomic
def claim(kinds: Iterable[str], *, owner: str, now: datetime) -> Job | None:
    """Return the oldest job of `kinds` that nobody works on, leased to `owner` for LEASE; None if there is none."""
    free = Job.objects.claimable(now=now).filter(kind__in=list(kinds))
    job = free.select_for_update(of=("self",), skip_locked=True).select_related("by").first()
    if job is None:
        return None
    job.state, job.owner, job.lease_until = Job.State.RUNNING, owner, now + LEASE
    job.save(update_fields=["state", "owner", "lease_until"])
    return job


def advance(job: Job, *, done: int, total: int, now: datetime) -> bool:
    """Note how far the job is and renew its lease; False means that it is no longer ours: stop."""
    return _ours(job).update(done=done, total=total, lease_until=now + LEASE) == 1


def finish(job: Job, *, at: datetime, report: dict[str, Any] | None = None, failed: bool = False) -> bool:
    """End the job with its report; False if somebody else has taken it over, then nothing is changed."""
    state = Job.State.FAILED if failed else Job.State.DONE
    changes = {"state": state, "finished_at": at, "lease_until": None}
    return _ours(job).update(**changes, **({} if report is None else {"report": report})) == 1


def put_off(job: Job, *, now: datetime, wait: timedelta | None, report: dict[str, Any]) -> bool:
    """Give the job back, to be claimed again after `wait`; with None it has failed for good."""
    if wait is None:
        return finish(job, at=now, report=report, failed=True)
    return _ours(job).update(state=Job.State.OWED, lease_until=now + wait, report=report) == 1


def _ours(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, owner=job.owner, state=Job.State.RUNNING)
