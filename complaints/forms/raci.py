"""The form of responsibilities: the letters of one action (DOMAIN §4.3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from complaints import raci
from complaints.forms.base import ActForm, PeopleField, PersonField, Section, colleagues
from complaints.raci import Action, Named
from complaints.timeline import listed


class AssignActionForm(ActForm):
    """Of the action in the address, else of the first that nobody answers for; `expected` is what the person saw."""

    dated = False
    button = _("Say who answers for it")
    action = forms.CharField(label=_("Action"), widget=forms.HiddenInput, max_length=40)
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)
    accountable = PersonField(
        label=_("Who answers for it (A)"), help_text=_("Exactly one person: sees to it that it is done, and done well.")
    )
    owner = PersonField(
        label=_("Who does it (R)"), required=False, help_text=_("May be the same person. Empty: it stays as it is.")
    )
    consulted = PeopleField(label=_("Who is asked before (C)"), required=False)
    informed = PeopleField(label=_("Who is told when it is done (I)"), required=False)

    def prepare(self) -> None:
        for name in ("accountable", "owner", "consulted", "informed"):
            self.fields[name].queryset = colleagues()
        self.row = self._action()
        if self.row is None:
            return
        self.initial.update(self._kept(self.row))
        others = [person.name for name in ("consulted", "informed") for person in self._people(self.initial[name])]
        fold = gettext("Others are asked before or told")
        if others:
            fold = gettext("Asked before or told: {names}").format(names=listed(others))
        title = f"{raci.kind_words(self.row)}: {raci.text(self.row)}"
        self.sections = (Section(title, ("accountable", "owner"), fold=fold, more=("consulted", "informed")),)

    def _action(self) -> Action | None:
        named = str(self.data.get("action", "") if self.is_bound else self.initial.get("action", ""))
        if named or self.is_bound:
            return raci.find(self.complaint, named)
        return next(raci.waiting(self.complaint), None)

    def _kept(self, action: Action) -> dict[str, Any]:
        """Return what stands now as the fields have it."""
        now: Named = raci.named(action)
        keys = {now.accountable, now.owner, *now.consulted, *now.informed}
        mails = dict(User.objects.filter(pk__in=keys - {None}).values_list("pk", "email"))
        return {
            "action": raci.code(action),
            "expected": now.version,
            "accountable": mails.get(now.accountable or 0, ""),
            "owner": mails.get(now.owner or 0, ""),
            "consulted": sorted(mails[key] for key in now.consulted),
            "informed": sorted(mails[key] for key in now.informed),
        }

    def _people(self, mails: list[str]) -> list[User]:
        return list(User.objects.filter(email__in=mails).order_by("name", "pk")) if mails else []

    def clean_action(self) -> Action:
        if self.row is None:
            raise ValidationError(_("There is no such action on this case."), code="invalid_choice")
        return self.row

    def version_now(self, complaint: Any) -> int | None:
        return raci.named(self.row).version if self.row else None

    def show_kept(self, complaint: Any) -> None:
        """Say beside each field that differs who stands there now; sent again, the form answers to that."""
        assert self.row is not None
        kept = self._kept(self.row)
        for name in ("accountable", "owner", "consulted", "informed"):
            if self.fields[name].has_changed(kept[name], self[name].data):
                mails = kept[name] if isinstance(kept[name], list) else [kept[name]]
                names = listed([person.name for person in self._people(mails)]) or "–"
                self.add_error(name, gettext("Kept now: %(kept)s") % {"kept": names})
        again: Any = self.data.copy()
        again["expected"] = kept["expected"]
        self.data = again
