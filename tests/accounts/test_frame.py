"""What the frame of a page shows, and what it costs."""

from django.contrib.auth.models import AnonymousUser

from accounts import frame
from accounts.models import User


def seen_by(user, rf, path="/settings/people/"):
    request = rf.get(path)
    request.user = User.objects.select_related("organisation").get(pk=user.pk)
    return frame.frame(request)


def test_it_shows_only_what_the_person_may_open(root, ada, carla, rf):
    assert "/settings/people/" in [entry["url"] for entry in seen_by(root, rf)["nav"]]
    assert "/settings/people/" not in [entry["url"] for entry in seen_by(ada, rf)["nav"]]
    assert seen_by(carla, rf)["nav"] == []


def test_it_marks_the_present_page(root, rf):
    assert [entry["url"] for entry in seen_by(root, rf)["nav"] if entry["current"]] == ["/settings/people/"]


def test_it_costs_one_query(ada, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = User.objects.select_related("organisation").get(pk=ada.pk)
    frame.frame(request)
    request.user = User.objects.select_related("organisation").get(pk=ada.pk)

    with django_assert_num_queries(1):
        frame.frame(request)
        frame.frame(request)


def test_initials_suit_both_scripts(own, rf):
    people = [_named(own, number, name) for number, name in enumerate(("Wang Li", "ada", "王丽", "赵小敏"))]

    shown = [seen_by(user, rf)["me"]["initials"] for user in people]

    assert shown == ["WL", "A", "王丽", "小敏"]


def test_a_visitor_gets_an_empty_frame(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert frame.frame(request)["nav"] == []
    assert frame.frame(request)["may_log"] is False


def _named(own, number, name):
    return User.objects.create_user(f"p{number}@demo.test", name=name, organisation=own)
