"""Pages for whoever manages people: list, invite, roles, close and open accounts."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts import people
from accounts.doors import PersonRequest, requires
from accounts.forms import InvitationForm, PersonForm
from accounts.models import Membership, User
from accounts.roles import Role
from audit.models import Event

ON_A_PAGE = 50
CHANGES_SHOWN = 20
CHANGE_WORDS = {
    "user.invited": gettext_lazy("invited"),
    "user.invited_again": gettext_lazy("invited again"),
    "user.changed": gettext_lazy("settings changed"),
    "user.role_given": gettext_lazy("role given"),
    "user.role_ended": gettext_lazy("role ended"),
    "user.absence_recorded": gettext_lazy("absence noted"),
    "user.absence_called_off": gettext_lazy("absence called off"),
    "user.duty_given": gettext_lazy("put on the duty rota"),
    "user.duty_ended": gettext_lazy("taken off the duty rota"),
    "user.deactivated": gettext_lazy("account closed"),
    "user.reactivated": gettext_lazy("account opened"),
}


@requires("users.manage")
@require_safe
def people_list(request: PersonRequest) -> HttpResponse:
    """List people with their roles; `q` looks in names and addresses."""
    q = request.GET.get("q", "").strip()
    held = Prefetch("memberships", Membership.objects.active().select_related("department"), to_attr="held")
    found = User.objects.select_related("organisation").prefetch_related(held).order_by("name", "pk")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(email__icontains=q))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": page, "query": q})


@requires("users.manage")
def invite(request: PersonRequest) -> HttpResponse:
    """Invite a person; the link to set a password goes out by mail."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = people.invite(**form.cleaned_data, by=request.user, at=timezone.now())
        except people.NotPossible as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Invited. The link goes out by mail and works for 72 hours."))
            return redirect("person", uuid=person.uuid)
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.errors else 200)


@requires("users.manage")
def person(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Show and change one person."""
    found = _person(uuid)
    form = PersonForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        try:
            people.edit(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except people.NotPossible as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Saved. It takes effect at the person's next request."))
            return redirect("person", uuid=uuid)
    words = {"person": found, "form": form, "changes": _changes(found)}
    return render(request, "accounts/person.html", words, status=422 if form.errors else 200)


@requires("users.manage")
@require_POST
def change_account(request: PersonRequest, uuid: UUID, verb: str) -> HttpResponse:
    """Close or open the account, or send the invitation again."""
    act = {"deactivate": people.deactivate, "reactivate": people.reactivate, "invite": people.invite_again}[verb]
    try:
        act(_person(uuid), by=request.user, at=timezone.now())
    except people.NotPossible as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, _("Done."))
    return redirect("person", uuid=uuid)


def _person(uuid: UUID) -> User:
    return get_object_or_404(User.objects.select_related("organisation"), uuid=uuid)


def _changes(person: User) -> list[dict[str, object]]:
    """Return the latest changes to this person, newest first, ready to print."""
    events = Event.objects.filter(stream_kind="user", stream=person.uuid).order_by("-seq")[:CHANGES_SHOWN]
    names = dict(User.objects.filter(pk__in={event.by_id for event in events}).values_list("pk", "name"))
    return [
        {
            "at": event.at,
            "by": names.get(event.by_id, ""),
            "what": CHANGE_WORDS.get(event.kind, event.kind),
            "detail": Role(event.facts["role"]).label if "role" in event.facts else "",
        }
        for event in events
    ]
