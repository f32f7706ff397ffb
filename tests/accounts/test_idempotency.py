"""A request with a key takes effect once; see RELIABILITY R13."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts import idempotency
from accounts.models import IdempotencyKey, Site
from tests.cast import NOON


def poster(acme, *, answer=None, before=None):
    """Return post(user, body, key) to a view that adds a site to Acme and answers with its number."""

    class Sites(APIView):
        parser_classes = (JSONParser, MultiPartParser)

        def post(self, request):
            return idempotency.once(request, lambda: self.add(request))

        def add(self, request):
            site = Site.objects.create(organisation=acme, name=f"Site {Site.objects.count()}")
            if before:
                before(site)
            return answer or Response({"id": site.pk}, status=201, headers={"Location": f"/sites/{site.pk}/"})

    def post(user, body, key=None, path="/sites/", **options):
        headers = {} if key is None else {"Idempotency-Key": key}
        request = APIRequestFactory().post(path, body, headers=headers, **({"format": "json"} | options))
        force_authenticate(request, user)
        return Sites.as_view()(request)

    return post


def test_without_a_key_each_request_acts(acme, ada):
    post = poster(acme)

    assert post(ada, {}).data != post(ada, {}).data


def test_a_repeat_gets_the_first_answer_again(acme, ada):
    post = poster(acme)
    first, again = post(ada, {"a": 1, "b": 2}, "k"), post(ada, {"b": 2, "a": 1}, "k")

    assert Site.objects.count() == 1
    assert (again.status_code, again.data, again.headers["Location"]) == (201, first.data, first.headers["Location"])
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


@pytest.mark.parametrize("other", [{"body": {"a": 2}}, {"body": {"a": 1}, "path": "/others/"}])
def test_the_same_key_with_another_request_is_refused(acme, ada, other):
    post = poster(acme)
    post(ada, {"a": 1}, "k")

    refused = post(ada, key="k", **other)

    assert refused.status_code == 422
    assert Site.objects.count() == 1


def test_another_file_is_another_request(acme, ada):
    post = poster(acme)

    def send(content):
        file = SimpleUploadedFile("photo.jpg", content)
        return post(ada, {"photo": file}, "k", format="multipart")

    assert [send(b"one").status_code, send(b"one").status_code, send(b"two").status_code] == [201, 201, 422]


def test_keys_of_two_people_have_nothing_to_do_with_each_other(acme, ada, lee):
    post = poster(acme)

    assert post(ada, {}, "k").data != post(lee, {}, "k").data


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_is_undone_and_not_kept(acme, ada, status):
    assert poster(acme, answer=Response({}, status=status))(ada, {}, "k").status_code == status

    assert not Site.objects.exists()
    assert poster(acme)(ada, {}, "k").status_code == 201


@pytest.mark.parametrize("status", [409, 412])
def test_an_answer_about_the_moment_is_not_kept(acme, ada, status):
    assert poster(acme, answer=Response({}, status=status))(ada, {}, "k").status_code == status

    assert poster(acme)(ada, {}, "k").status_code == 201


def test_a_refusal_is_undone_and_kept(acme, ada):
    def refuse(site):
        raise ValidationError({"name": "taken"})

    first = poster(acme, before=refuse)(ada, {}, "k")
    again = poster(acme)(ada, {}, "k")

    assert (first.status_code, again.status_code) == (400, 400)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert not Site.objects.exists()


def test_a_crash_leaves_nothing(acme, ada):
    def crash(site):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        poster(acme, before=crash)(ada, {}, "k")

    assert not Site.objects.exists()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb"])
def test_a_key_must_be_a_short_printable_word(acme, ada, key):
    assert poster(acme)(ada, {}, key).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_of_racing_requests_one_acts_and_the_others_repeat_it_or_wait(acme, ada):
    post, together = poster(acme), Barrier(8)

    def send(_number):
        together.wait()
        try:
            return post(ada, {}, "k")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))

    acted = [a for a in answers if a.status_code == 201 and "Idempotent-Replayed" not in a.headers]
    waiting = [a for a in answers if a.status_code == 409]
    assert len(acted) == Site.objects.count() == 1
    assert {a.data["id"] for a in answers if a.status_code == 201} == {Site.objects.get().pk}
    assert all(a.headers["Retry-After"] for a in waiting)


def test_a_form_sent_twice_leads_to_the_same_page(acme, ada):
    def act():
        site = Site.objects.create(organisation=acme, name=f"Site {Site.objects.count()}")
        return HttpResponseRedirect(f"/sites/{site.pk}/")

    first = idempotency.once_for_form(ada, "token", act)
    again = idempotency.once_for_form(ada, "token", act)

    assert first.url == again.url
    assert Site.objects.count() == 1


def test_a_form_that_did_not_fit_may_be_sent_again(ada):
    idempotency.once_for_form(ada, "token", lambda: HttpResponse(status=422))

    assert idempotency.once_for_form(ada, "token", lambda: HttpResponseRedirect("/done/")).url == "/done/"


def test_a_form_with_another_text_is_not_taken_for_a_repeat(ada):
    idempotency.once_for_form(ada, "token", lambda: HttpResponseRedirect("/done/"), body="one")

    with pytest.raises(idempotency.KeyReused):
        idempotency.once_for_form(ada, "token", lambda: HttpResponseRedirect("/done/"), body="two")


def test_a_form_needs_its_token(ada):
    with pytest.raises(ValueError, match="token"):
        idempotency.once_for_form(ada, "", lambda: HttpResponseRedirect("/done/"))


def test_old_keys_are_forgotten(acme, ada):
    poster(acme)(ada, {}, "k")
    IdempotencyKey.objects.update(created_at=NOON)

    assert idempotency.forget(before=NOON) == 0
    assert idempotency.forget(before=NOON.replace(hour=5)) == 1
