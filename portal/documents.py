"""Files and letters: downloads only, each under the access of its own case (RELIABILITY §4.4)."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import PersonRequest
from complaints import evidence
from portal import access


@access.customers
@require_safe
def file(request: PersonRequest, ref: str, uuid: UUID) -> HttpResponseBase:
    """Download a file of the case."""
    found = access.file_for(request.user, ref, uuid)
    return _download(evidence.path_of(found.blob_id), found.name)


@access.customers
@require_safe
def thumb(request: PersonRequest, ref: str, uuid: UUID) -> HttpResponseBase:
    """Show the small picture that was drawn anew from a photo."""
    found = access.file_for(request.user, ref, uuid)
    path = evidence.preview(found)
    if path is None:
        raise Http404
    return _harmless(FileResponse(path.open("rb"), content_type="image/jpeg"))


@access.customers
@require_safe
def letter(request: PersonRequest, ref: str, uuid: UUID) -> HttpResponseBase:
    """Download a letter that was sent; while its PDF is being made, go back and say so."""
    found = access.letter_for(request.user, ref, uuid)
    if found.pdf_id is None:
        messages.info(request, _("This document is being made. Try again in a minute."))
        return redirect("portal-case", ref=ref)
    return _download(evidence.path_of(found.pdf_id), f"{found.number}.pdf", kind="application/pdf")


def _download(path: Path, name: str, *, kind: str = "application/octet-stream") -> HttpResponseBase:
    if not path.exists():
        raise Http404
    return _harmless(FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind))


def _harmless(response: FileResponse) -> HttpResponseBase:
    """Let nothing in the bytes run in our origin, whatever they are."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
