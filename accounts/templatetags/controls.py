"""Form controls in templates, with the class of their page."""

from django import template
from django.forms import BoundField, CheckboxInput
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def control(field: BoundField, css: str) -> SafeString:
    """Return the field's control with class `css` (none for a check box), without a placeholder as its label."""
    attrs: dict[str, str | bool] = {} if is_check(field) else {"class": css}
    field.field.widget.attrs.pop("placeholder", None)
    if field.field.widget.attrs.get("autocomplete") == "one-time-code":
        attrs["inputmode"] = "numeric"
    return field.as_widget(attrs=attrs)


@register.filter
def is_check(field: BoundField) -> bool:
    """Return whether the control is a check box."""
    return isinstance(field.field.widget, CheckboxInput)
