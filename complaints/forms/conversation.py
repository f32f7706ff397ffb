"""What is said about a case; three forms that share no field with a reader, so that a note never becomes a reply."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from complaints.forms.base import prose
from complaints.models.states import Channel


class FilesField(forms.FileField):
    """Any number of files; the verb judges them."""

    widget = forms.ClearableFileInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=_ManyFiles(), **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [file for file in (data or []) if file]


class _ManyFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class NoteForm(forms.Form):
    body = prose(_("Internal note"))
    attached = FilesField(label=_("Files"))


class ReplyForm(forms.Form):
    body = prose(_("Reply to the customer"))
    attached = FilesField(label=_("Files"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)


class HeardForm(forms.Form):
    body = prose(_("What the customer said"))
    author = forms.CharField(label=_("Who said it"), max_length=120, required=False)
    channel = forms.ChoiceField(
        label=_("How"),
        choices=[(way, Channel(way).label) for way in (Channel.PHONE, Channel.EMAIL, Channel.LETTER, Channel.VISIT)],
        initial=Channel.PHONE,
    )
    attached = FilesField(label=_("Files"))
