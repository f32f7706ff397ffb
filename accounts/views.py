"""Pages of a person about herself, and what she left lying: drafts, views, jobs."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts import drafts, middleware, people, tokens
from accounts.doors import PersonRequest
from accounts.forms import OwnSettings
from accounts.frame import first_page
from accounts.models import ApiToken, Job, SavedView, User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send people to where their work is, visitors to the sign-in."""
    return redirect(first_page(request.user) if request.user.is_authenticated else "account_login")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages: in the person's settings, and in a cookie for the time before sign-in."""
    language = request.POST.get("language", "")
    response = redirect(_back(request, "/"))
    if language in dict(settings.LANGUAGES):
        middleware.remember(response, language)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=language)
    return response


@login_required
@never_cache
def me(request: PersonRequest) -> HttpResponse:
    """Show and change the person's own settings."""
    form = OwnSettings(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("me")
    return render(request, "accounts/me.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_POST
def set_theme(request: PersonRequest) -> HttpResponse:
    """Keep the appearance that was chosen in the person's menu."""
    theme = request.POST.get("theme", "")
    if theme in User.Theme.values:
        User.objects.filter(pk=request.user.pk).update(theme=theme)
    return redirect(_back(request, "/me/"))


@login_required
@require_POST
def end_sessions(request: PersonRequest) -> HttpResponse:
    """End every session of this person, this one too, and revoke the tokens."""
    people.end_sessions(request.user, at=timezone.now())
    request.session.flush()
    return redirect("account_login")


@login_required
@require_POST
def revoke_token(request: PersonRequest, pk: int) -> HttpResponse:
    """Revoke one of the person's own tokens."""
    token = get_object_or_404(ApiToken, user=request.user, pk=pk)
    tokens.revoke(token, by=request.user, at=timezone.now())
    return redirect("my_tokens")


@login_required
@require_safe
@never_cache
def my_tokens(request: PersonRequest) -> HttpResponse:
    """List the person's tokens, by name and last use."""
    mine = ApiToken.objects.filter(user=request.user, revoked_at=None).order_by("-created_at", "-pk")
    return render(request, "accounts/tokens.html", {"tokens": mine})


@require_POST
@never_cache
def save_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed (form fields `key` and `body`); an empty body drops it. Answers 204."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    try:
        drafts.keep(request.user, request.POST.get("key", ""), request.POST.get("body", ""), at=timezone.now())
    except drafts.TooLong:
        return HttpResponse(_("A draft may be up to 200 kB. Shorten the text."), status=413)
    except ValueError:
        return HttpResponse(status=400)
    return HttpResponse(status=204)


@login_required
@require_safe
def saved_view(request: PersonRequest, slug: str) -> HttpResponse:
    """Send the person to the list that she saved under this name."""
    view = get_object_or_404(SavedView, user=request.user, slug=slug)
    return redirect(view.address if _is_ours(view.path) else "/")


@login_required
@require_POST
def save_view(request: PersonRequest) -> HttpResponse:
    """Keep a list under a name (`name`, `path`, `query`); the same name again replaces it."""
    name, path = request.POST.get("name", "").strip()[:80], request.POST.get("path", "")
    slug = slugify(name, allow_unicode=True)
    if not slug or not _is_ours(path) or len(path) > 200:
        messages.error(request, _("Give the view a name with at least one letter or digit."))
        return redirect(_back(request, "/"))
    fields = {"name": name, "path": path, "query": request.POST.get("query", "").lstrip("?")[:1000]}
    view, _made = SavedView.objects.update_or_create(user=request.user, slug=slug, defaults=fields)
    return redirect(view.address)


@login_required
@require_POST
def forget_view(request: PersonRequest, slug: str) -> HttpResponse:
    """Forget a saved view."""
    SavedView.objects.filter(user=request.user, slug=slug).delete()
    return redirect(_back(request, "/"))


@login_required
@require_safe
@never_cache
def job(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Show how far a job is."""
    found = get_object_or_404(Job.objects.visible_to(request.user), uuid=uuid)
    return render(request, "accounts/job.html", {"job": found})


@login_required
@require_GET
@never_cache
def job_progress(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Answer the fragment that shows how far a job is."""
    found = get_object_or_404(Job.objects.visible_to(request.user), uuid=uuid)
    return render(request, "accounts/_job.html", {"job": found})


def _back(request: HttpRequest, otherwise: str) -> str:
    """Return where the form said to go next, if that is a page of ours."""
    url = request.POST.get("next", "")
    return url if _is_ours(url) else otherwise


def _is_ours(url: str) -> bool:
    return get_adapter().is_safe_url(url)
