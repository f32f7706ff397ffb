"""A form that is too large to be read, and a database that others hold, are answered in words; nothing is half done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

BUSY = [
    "database is locked", "database table is locked",
    "canceling statement due to lock timeout", "canceling statement due to statement timeout",
]  # fmt: skip
HEADS = {"en": "One moment, others are writing just now", "zh-hans": "请稍候，其他人正在写入"}


@pytest.fixture
def reader(ada, signed_in):
    def signed_in_as(language):
        ada.language = language
        ada.save()
        return signed_in(ada)

    return signed_in_as


@pytest.mark.parametrize(("language", "sentence"), [
    ("en", "The form came with more than 2000 fields. Send it in several parts."), ("zh-hans", "2000 个字段"),
])  # fmt: skip
def test_a_form_with_too_many_fields_names_the_limit(reader, language, sentence):
    answer = reader(language).post(reverse("intake"), {f"field{n}": "x" for n in range(2001)})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_the_limit_is_named_too_where_the_token_against_forgery_is_looked_for_first(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    client.get(reverse("contracts:import"))  # which sets the cookie

    answer = client.post(reverse("case-do", args=["QC-2026-00001", "write_causes"]), {f"f{n}": "" for n in range(2001)})

    assert answer.status_code == 400
    assert "The tree of whys came with more answers than can be read" in answer.content.decode()


def test_a_form_that_weighs_too_much_names_the_limit(reader):
    heavy = "description=" + "x" * (5 * 1024 * 1024)
    answer = reader("en").post(reverse("intake"), heavy, "application/x-www-form-urlencoded")

    assert answer.status_code == 400
    assert "The form is larger than 5 MB" in answer.content.decode()


def test_more_files_than_can_be_read_name_the_limit(reader, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 3
    files = {f"file{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(4)}

    answer = reader("en").post(reverse("intake"), files)

    assert answer.status_code == 400
    assert "More than 3 files came at once." in answer.content.decode()


def test_programs_read_the_limit_as_problem_json(db):
    answer = Client().post("/api/v1/complaints/", {f"field{n}": "x" for n in range(2001)})

    assert answer.status_code in (400, 401, 415)
    assert answer.headers["Content-Type"].startswith("application/problem+json")


@pytest.fixture
def held(monkeypatch):
    """Others hold the database with this message."""

    def with_message(message):
        def raises(*_, **__):
            raise OperationalError(message)

        monkeypatch.setattr("contracts.views._searched", raises)

    return with_message


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("message", BUSY)
def test_a_database_that_others_hold_says_so_in_the_readers_language(reader, held, message, language):
    client = reader(language)
    held(message)

    answer = client.get(reverse("contracts:list"))

    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert HEADS[language] in page
    assert not [head for code, head in HEADS.items() if code != language and head in page]
    assert "http-equiv" not in page  # what was typed is not lost to a page that loads itself anew


def test_a_database_that_is_away_still_says_so_in_both(reader, held):
    client = reader("en")
    held("connection refused")

    page = client.get(reverse("contracts:list")).content.decode()

    assert "The database cannot be reached." in page
    assert "暂时无法连接数据库" in page
