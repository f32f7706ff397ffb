"""The page of a case: who sees what, the next action, the timeline, the composers."""

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from complaints import acts, conversation, lifecycle, sweeping
from complaints.lifecycle import Refused
from complaints.models import Complaint, Message
from complaints.views.frame import gate_groups
from complaints.words import say
from tests.cast import NOON
from tests.complaints.factories import grade_it, received, triaged

HOUR = timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINESE = "三号机组从周一开始在每分钟一千四百五十转时振动明显，昨天傍晚已停机。"
BUDGET = json.loads((Path(__file__).parents[1] / "query_budget.json").read_text())
HOSTILE = "<script>alert('x')</script>\u202e<img src=x onerror=alert(1)>"
TABS = ("case", "case-diagnosis", "case-actions", "case-files", "case-history")


def page(client, complaint, name="case", query=""):
    return client.get(reverse(name, args=[complaint.ref]) + query)


@pytest.fixture
def responding(ada, quinn, lee, cleo) -> Complaint:
    complaint = triaged(quinn, registered_by=ada)
    return lifecycle.mobilise(complaint, by=quinn, at=NOON + 2 * HOUR, leader=quinn, champion=lee, members=(cleo,))


@pytest.mark.parametrize("name", TABS)
def test_every_tab_answers_staff_and_hides_the_case_from_customers(name, ada, carla, mallory, signed_in):
    complaint = received(ada)

    assert page(signed_in(ada), complaint, name).status_code == 200
    for stranger in (carla, mallory):
        assert page(signed_in(stranger), complaint, name).status_code == 403
    assert signed_in(ada).get(reverse(name, args=["QC-2026-99999"])).status_code == 404


def test_without_sign_in_the_page_leads_to_it(ada, client):
    answer = page(client, received(ada))

    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


def test_the_head_names_number_title_customer_and_all_clocks(ada, signed_in):
    complaint = received(ada, title="Hums at 1 450 rpm")

    text = page(signed_in(ada), complaint).content.decode()

    for word in (complaint.ref, "Hums at 1 450 rpm", "Acme Wind", "Acknowledgement", "Triage", "Initial analysis"):
        assert word in text
    assert text.count('<li class="dial') == 5
    assert "How these deadlines are worked out" in text


def test_one_primary_action_for_this_person(ada, quinn, signed_in):
    complaint = received(ada)

    agent, engineer = (page(signed_in(user), complaint).content.decode() for user in (ada, quinn))

    for text in (agent, engineer):
        assert text.count('data-key="e"') == 1
        assert "Send the acknowledgement" in text


def test_who_cannot_do_the_next_step_reads_who_can(ada, lee, fay, signed_in):
    complaint = triaged(lee, registered_by=ada)
    lifecycle.acknowledge(complaint, by=ada, at=NOON + 2 * HOUR)

    text = page(signed_in(fay), complaint).content.decode()

    assert "Quality manager: Lee" in text
    assert 'data-key="e"' not in text


def test_the_people_who_close_several_gates_are_named_once_above_them(ada, cleo, quinn, lee, signed_in):
    complaint = received(ada)

    groups = page(signed_in(ada), complaint).context["gates"]

    waiting = [group for group in groups if group["who"]]
    assert [group["who"] for group in waiting] == [f"{cleo.name}, {quinn.name} or {lee.name}"]
    assert len(waiting[0]["gates"]) == 5
    assert not any(gate["why"] for gate in waiting[0]["gates"])


def test_automatic_entries_fold_within_their_day(ada, signed_in):
    complaint = received(ada)
    sweeping.sweep_all(now=NOON + 60 * HOUR)

    entries = page(signed_in(ada), complaint).context["entries"]

    days = [
        [each["at"].astimezone(SHANGHAI).date() for each in entry["folded"]] for entry in entries if entry.get("folded")
    ]
    assert days
    assert all(len(set(of_fold)) == 1 for of_fold in days)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (
            "Pump 4 loses oil at the shaft seal since the night shift. We stopped it at 06:10. Pallet 2, serial P60.",
            "Pump 4 loses oil at the shaft seal since the night shift…",
        ),
        ("It hums", "It hums"),
        ("word " * 30, "word " * 15 + "word…"),
        (CHINESE * 3, CHINESE + CHINESE[:-1] + "…"),
    ],
)
def test_a_title_made_from_the_text_ends_with_a_sentence_or_a_word(said, title):
    assert lifecycle.title_of("", said) == title


def test_a_long_group_of_gates_folds_its_rest():
    rows = [{"text": str(n), "why": "Cleo"} for n in range(12)]

    [group] = gate_groups(rows)

    assert [len(group["gates"]), len(group["rest"])] == [5, 7]


@pytest.mark.parametrize("who", ["ada", "quinn", "lee", "fay", "lin", "max"])
def test_a_blocked_move_says_on_the_page_why_and_answers_the_same_when_tried(who, request, responding, signed_in):
    user = request.getfixturevalue(who)
    text = page(signed_in(user), responding).content.decode()

    for offer in acts.moves(responding, user):
        tried = signed_in(user).post(reverse("case-do", args=[responding.ref, offer.act.name]), {"once": "a"})
        if not offer.permitted:
            assert tried.status_code == 403
        elif offer.blocked_by:
            assert tried.status_code == 409
            first = say(offer.blocked_by[0])
            assert first in text.replace("&quot;", '"')
            assert first in tried.content.decode()


def test_a_note_stays_inside_and_a_reply_goes_out(ada, signed_in):
    complaint = received(ada)
    client = signed_in(ada)

    client.post(reverse("case-note", args=[complaint.ref]), {"body": "Looks like our fault.", "once": "n1"})
    client.post(reverse("case-reply", args=[complaint.ref]), {"body": "We are on it.", "once": "r1"})

    said = dict(complaint.messages.values_list("audience", "body"))
    assert said == {"INTERNAL": "Looks like our fault.", "OUT": "We are on it."}
    text = page(client, complaint).content.decode()
    assert text.index("is-internal") < text.index("is-ours")
    shown = page(client, complaint, query="?show=customer").content.decode()
    assert "We are on it." in shown
    assert "Looks like our fault." not in shown


def test_no_address_of_notes_reads_an_audience_from_the_form(ada, signed_in):
    complaint = received(ada)

    signed_in(ada).post(
        reverse("case-note", args=[complaint.ref]), {"body": "Secret", "audience": "OUT", "language": "en", "once": "n"}
    )

    assert complaint.messages.get().audience == "INTERNAL"


def test_a_double_click_says_it_once(ada, signed_in):
    complaint = received(ada)
    client, said = signed_in(ada), {"body": "Once.", "once": "same"}

    answers = [client.post(reverse("case-reply", args=[complaint.ref]), said) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert Message.objects.count() == 1


def test_an_empty_reply_is_refused_with_the_page_and_nothing_said(ada, signed_in):
    complaint = received(ada)

    answer = signed_in(ada).post(reverse("case-reply", args=[complaint.ref]), {"body": "  ", "once": "r"})

    assert answer.status_code == 422
    assert "Write something before you send." in answer.content.decode()
    assert not Message.objects.exists()


def test_who_may_not_reply_gets_no_form_and_is_refused(ada, fay, signed_in):
    complaint = received(ada)
    client = signed_in(fay)

    assert reverse("case-reply", args=[complaint.ref]) not in page(client, complaint).content.decode()
    assert client.post(reverse("case-reply", args=[complaint.ref]), {"body": "Hello"}).status_code == 403
    assert not Message.objects.exists()


def test_what_the_customer_said_by_phone_is_taken_down_and_ends_the_wait(ada, signed_in):
    complaint = received(ada)

    signed_in(ada).post(
        reverse("case-heard", args=[complaint.ref]),
        {"body": "It got louder.", "author": "Ms Li", "channel": "PHONE", "once": "h"},
    )

    message = complaint.messages.get()
    assert (message.audience, message.author, message.channel) == ("IN", "Ms Li", "PHONE")
    assert "It got louder." in page(signed_in(ada), complaint).content.decode()


def test_a_draft_is_there_when_one_comes_back_and_gone_once_sent(ada, signed_in):
    complaint = received(ada)
    client = signed_in(ada)
    key = f"case-{complaint.ref}-reply"
    client.post("/x/draft/", {"key": key, "body": "body=Half+a+sentence&once=1"})

    assert ">Half a sentence</textarea>" in page(client, complaint).content.decode()
    client.post(reverse("case-reply", args=[complaint.ref]), {"body": "Whole.", "once": "r"})

    assert "Half a sentence" not in page(client, complaint).content.decode()


def test_hostile_text_is_shown_as_text(ada, signed_in):
    complaint = received(ada, description=HOSTILE, title=HOSTILE[:60], serial=HOSTILE[:50], contact_name=HOSTILE[:60])
    conversation.note(complaint, by=ada, at=NOON + HOUR, body=HOSTILE)

    for name in TABS:
        text = page(signed_in(ada), complaint, name).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_foreign_text_carries_its_language(ada, signed_in):
    complaint = received(ada, description="齿轮箱异响。", language="zh-hans")

    assert 'lang="zh-Hans"' in page(signed_in(ada), complaint).content.decode()


def test_a_long_story_is_cut_and_leads_to_what_came_before(ada, signed_in):
    complaint = received(ada)
    for n in range(60):
        conversation.note(complaint, by=ada, at=NOON + n * timedelta(minutes=1), body=f"Note number {n:03d}.")
    client = signed_in(ada)

    newest = page(client, complaint).content.decode()
    earlier = newest.split('rel="prev" href="')[1].split('"')[0].replace("&amp;", "&")
    before = client.get(reverse("case", args=[complaint.ref]) + earlier).content.decode()

    assert "Note number 059." in newest
    assert "Note number 005." not in newest
    assert "Note number 005." in before
    assert "Back to the newest" in before


def test_statements_are_few_and_do_not_grow_with_messages(responding, quinn, signed_in, django_assert_max_num_queries):
    client = signed_in(quinn)
    conversation.note(responding, by=quinn, at=NOON + 3 * HOUR, body="One.")
    with django_assert_max_num_queries(BUDGET["case"]) as few:
        page(client, responding)
    for n in range(20):
        conversation.reply(responding, by=quinn, at=NOON + 4 * HOUR, body=f"Reply {n}.")

    with django_assert_max_num_queries(len(few.captured_queries)):
        page(client, responding)


def test_a_merged_case_leads_to_its_master(ada, quinn, signed_in):
    master = received(ada, title="The first one")
    other = received(ada, title="The same again", at=NOON + HOUR)
    try:
        lifecycle.merge(other, by=quinn, at=NOON + 2 * HOUR, master=master)
    except Refused as refusal:
        pytest.fail(str(refusal))

    assert master.ref in page(signed_in(ada), other).content.decode()
    assert other.ref in page(signed_in(ada), master).content.decode()


def test_the_path_says_where_the_case_is_and_why_the_next_step_is_locked(responding, quinn, signed_in):
    text = page(signed_in(quinn), responding).content.decode()

    assert "path__step is-now" in text
    assert 'aria-current="step"' in text
    assert "Containment is missing" in text


def test_a_graded_case_shows_its_grade_with_a_word(ada, quinn, signed_in):
    complaint = grade_it(received(ada), quinn, at=NOON + HOUR, grade="G2")

    assert "G2 Major" in page(signed_in(ada), complaint).content.decode()


def test_another_text_with_the_same_token_is_another_note(ada, signed_in):
    case = received(ada)

    for body in ("First.", "First.", "Second, after going back."):
        signed_in(ada).post(f"/cases/{case.ref}/note/", {"body": body, "once": "same"})

    assert sorted(case.messages.values_list("body", flat=True)) == ["First.", "Second, after going back."]


@pytest.mark.parametrize("body", ["\u200b\u2060", "\u2800 \u3164"])
def test_a_note_of_nothing_to_see_is_not_kept(ada, signed_in, body):
    complaint = received(ada)

    answer = signed_in(ada).post(reverse("case-note", args=[complaint.ref]), {"body": body, "once": "n"})

    assert answer.status_code == 409
    assert not complaint.messages.exists()


def test_a_next_act_that_is_late_says_when_it_was_due(signed_in, ada):
    complaint = received(ada)

    with time_machine.travel(complaint.received_at + timedelta(days=5), tick=False):
        page = signed_in(ada).get(f"/cases/{complaint.ref}/")

    assert "Send the acknowledgement, was due " in page.text
