"""`/cases/<ref>/note/`, `…/reply/`, `…/heard/`: three addresses, so that an internal text cannot reach a customer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import drafts
from accounts.doors import refuse, staff_only
from complaints import conversation
from complaints.forms.conversation import HeardForm, NoteForm, ReplyForm
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import Complaint
from complaints.views.case import overview
from complaints.views.frame import draft_key
from complaints.views.once import once
from complaints.words import say

Verb = Callable[..., Any]


@staff_only
@require_POST
def note(request: HttpRequest, ref: str) -> HttpResponse:
    """Write an internal note."""
    return _send(request, ref, "note", NoteForm, conversation.note, "case.note")


@staff_only
@require_POST
def reply(request: HttpRequest, ref: str) -> HttpResponse:
    """Write to the customer."""
    return _send(request, ref, "reply", ReplyForm, conversation.reply, "case.reply")


@staff_only
@require_POST
def heard(request: HttpRequest, ref: str) -> HttpResponse:
    """Take down what the customer said outside the portal."""
    return _send(request, ref, "heard", HeardForm, conversation.hear, "case.reply")


def _send(
    request: HttpRequest, ref: str, name: str, form_class: type[Form], verb: Verb, permission: str
) -> HttpResponse:
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), ref=ref)
    if not request.user.may(permission):
        return refuse(request, permission)
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return _again(request, ref, name, form, [_("Write something before you send.")], status=422)
    said = hashlib.sha256(form.cleaned_data["body"].encode()).hexdigest()[:16]  # another text is another message

    def act() -> HttpResponse:
        filled_in = {name: value for name, value in form.cleaned_data.items() if value}
        try:
            verb(complaint, by=request.user, at=timezone.now(), **filled_in)
        except Refused as refusal:
            return _again(request, ref, name, form, [say(why) for why in refusal.reasons], status=409)
        except PermissionDenied:
            return refuse(request, permission)
        drafts.drop(request.user, draft_key(ref, name))
        return redirect(f"{complaint.get_absolute_url()}#end")

    def again(why: Reason, status: int) -> HttpResponse:
        return _again(request, ref, name, form, [say(why)], status=status)

    return once(request, f"{ref}:{name}:{said}", act, again)


def _again(request: HttpRequest, ref: str, name: str, form: Form, reasons: list[str], *, status: int) -> HttpResponse:
    """Show the case again with the typed text kept."""
    typed: dict[str, Any] = {f"{name}_text": form.data.get("body", ""), "composer": name, "refused": reasons}
    if name == "heard":
        typed["heard_form"] = form
    return render(request, "complaints/overview.html", overview(request, ref, **typed), status=status)
