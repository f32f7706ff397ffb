"""A form drawn by the shared fragments: every widget is labelled, and its errors are found."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string


class Everything(forms.Form):
    title = forms.CharField(help_text="As the customer says it")
    story = forms.CharField(widget=forms.Textarea, required=False)
    found_on = forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    product = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    came_by = forms.ChoiceField(choices=[("p", "Phone"), ("m", "Mail")], widget=forms.RadioSelect)
    wants = forms.MultipleChoiceField(choices=[("r", "Rework")], widget=forms.CheckboxSelectMultiple, required=False)
    units = forms.IntegerField(min_value=1)
    told = forms.BooleanField(required=False)
    photo = forms.FileField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(form: forms.Form) -> str:
    return render_to_string("_form.html", {"form": form})


def test_every_control_has_a_label():
    html = drawn(Everything())

    ids = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', html)) - {"id_token"}
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    assert ids == labelled


def test_choices_become_chips_in_a_named_group():
    html = drawn(Everything())

    assert html.count("<fieldset") == html.count("<legend") == 2
    assert html.count("chip--choice") == 3


def test_the_summary_leads_to_each_field_in_its_own_words():
    form = Everything(data={"title": "", "units": "0"})

    html = drawn(form)

    targets = re.findall(r'<li><a href="#([^"]+)"', html)
    assert {"id_title", "id_found_on", "id_came_by_0", "id_units"} <= set(targets)
    assert all(f'id="{target}"' in html for target in targets)
    for error in form.errors["title"]:
        assert html.count(error) >= 2


def test_what_describes_a_control_is_there():
    html = drawn(Everything(data={}))

    for ids in re.findall(r'aria-describedby="([^"]+)"', html):
        for each in ids.split():
            assert f'id="{each}"' in html


@pytest.mark.parametrize("name", ["story", "title"])
def test_typed_text_is_kept(name):
    assert "what I typed" in drawn(Everything(data={name: "what I typed"}))
