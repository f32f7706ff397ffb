"""What is typed is kept; saved lists are found again."""

import pytest

from accounts import drafts
from accounts.models import Draft, SavedView
from tests.cast import NOON

KEY = "case-7-note"


def test_a_draft_is_kept_replaced_and_dropped(ada, signed_in):
    client = signed_in(ada)

    for body in ("Unit 3 vib", "Unit 3 vibrates 三号机振动"):
        assert client.post("/x/draft/", {"key": KEY, "body": body}).status_code == 204
    assert Draft.objects.for_form(ada, KEY).body == "Unit 3 vibrates 三号机振动"

    client.post("/x/draft/", {"key": KEY, "body": ""})
    assert Draft.objects.for_form(ada, KEY) is None


def test_nobody_sees_the_draft_of_another(ada, lee, signed_in):
    signed_in(ada).post("/x/draft/", {"key": KEY, "body": "mine"})

    assert Draft.objects.for_form(lee, KEY) is None
    signed_in(lee).post("/x/draft/", {"key": KEY, "body": ""})
    assert Draft.objects.for_form(ada, KEY).body == "mine"


def test_a_draft_may_be_200_kb_of_utf8(ada, signed_in):
    client = signed_in(ada)

    assert client.post("/x/draft/", {"key": KEY, "body": "振" * 68_266}).status_code == 204
    too_long = client.post("/x/draft/", {"key": KEY, "body": "振" * 68_267})

    assert too_long.status_code == 413
    assert "200 kB" in too_long.text
    assert len(Draft.objects.for_form(ada, KEY).body) == 68_266


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb"])
def test_a_key_must_be_a_short_printable_word(ada, signed_in, key):
    assert signed_in(ada).post("/x/draft/", {"key": key, "body": "x"}).status_code == 400


def test_it_takes_a_person_and_a_post(ada, client, signed_in):
    assert client.post("/x/draft/", {"key": KEY, "body": "x"}).status_code == 401
    assert signed_in(ada).get("/x/draft/").status_code == 405


def test_the_oldest_drafts_go_first(ada, monkeypatch):
    monkeypatch.setattr(drafts, "KEPT_MOST", 2)

    for minute, key in enumerate(("one", "two", "three")):
        drafts.keep(ada, key, "x", at=NOON.replace(minute=minute))

    assert set(Draft.objects.values_list("key", flat=True)) == {"two", "three"}


def test_a_saved_view_leads_back_to_its_list(ada, lee, signed_in):
    client = signed_in(ada)
    made = client.post("/me/views/", {"name": "我的 G1", "path": "/cases/", "query": "?grade=G1"})
    slug = SavedView.objects.get().slug

    assert made.url == client.get(f"/v/{slug}/").url == "/cases/?grade=G1"
    assert signed_in(lee).get(f"/v/{slug}/").status_code == 404
    client.post(f"/me/views/{slug}/forget/")
    assert client.get(f"/v/{slug}/").status_code == 404


@pytest.mark.parametrize("path", ["//evil.test/", "https://evil.test/", "/\\evil.test", ""])
def test_a_view_of_another_site_is_not_saved(ada, signed_in, path):
    signed_in(ada).post("/me/views/", {"name": "Mine", "path": path})

    assert not SavedView.objects.exists()
