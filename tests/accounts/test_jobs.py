"""Long work: claimed by one, taken over when its lease runs out, finished by whoever holds it."""

from datetime import timedelta

from accounts import jobs
from accounts.models import Job
from tests.cast import NOON

LATER = NOON + jobs.LEASE + timedelta(seconds=1)


def test_a_job_is_claimed_once_oldest_first(ada):
    second = jobs.owe("import", by=ada, at=NOON)
    first = jobs.owe("import", by=ada, at=NOON - timedelta(hours=1))
    jobs.owe("export", by=ada, at=NOON - timedelta(hours=2))

    claimed = [jobs.claim(["import"], owner="w1", now=NOON) for _turn in range(3)]

    assert claimed == [first, second, None]


def test_a_job_whose_worker_died_is_taken_over_and_the_dead_one_changes_nothing(ada):
    jobs.owe("import", by=ada, at=NOON)
    dead = jobs.claim(["import"], owner="w1", now=NOON)
    alive = jobs.claim(["import"], owner="w2", now=LATER)

    assert alive.pk == dead.pk
    assert not jobs.advance(dead, done=9, total=9, now=LATER)
    assert not jobs.finish(dead, at=LATER, report={"counts": {}})
    assert jobs.finish(alive, at=LATER, report={"counts": {"rows": 3}})
    assert Job.objects.get().state == Job.State.DONE


def test_a_living_worker_keeps_its_job(ada):
    jobs.owe("import", by=ada, at=NOON)
    job = jobs.claim(["import"], owner="w1", now=NOON)
    jobs.advance(job, done=1, total=2, now=NOON + jobs.LEASE)

    assert jobs.claim(["import"], owner="w2", now=LATER) is None


def test_a_job_that_was_put_off_waits(ada):
    jobs.owe("mail", by=ada, at=NOON)
    job = jobs.claim(["mail"], owner="w1", now=NOON)

    jobs.put_off(job, now=NOON, wait=timedelta(minutes=1), report={"tries": 1})

    assert jobs.claim(["mail"], owner="w1", now=NOON + timedelta(seconds=59)) is None
    assert jobs.claim(["mail"], owner="w1", now=NOON + timedelta(seconds=60)).report == {"tries": 1}


def test_the_page_shows_progress_and_problems_to_its_person_alone(ada, lee, signed_in):
    owed = jobs.owe("import", by=ada, at=NOON)
    job = jobs.claim(["import"], owner="w1", now=NOON)
    jobs.advance(job, done=260, total=396, now=NOON)

    running = signed_in(ada).get(f"/jobs/{owed.uuid}/").text
    assert "260 of 396" in running
    assert 'hx-trigger="every 2s"' in running

    jobs.finish(job, at=NOON, report={"problems": [{"row": 17, "text": "<b>unknown customer</b>"}]})
    over = signed_in(ada).get(f"/x/jobs/{owed.uuid}/").text
    assert "&lt;b&gt;unknown customer" in over
    assert "hx-trigger" not in over
    assert signed_in(lee).get(f"/jobs/{owed.uuid}/").status_code == 404
