"""The words of contract files: what is wrong in which line, and how to mend it. The edge of `paperfile`."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contracts import words
from contracts.entitlement_words import PROBLEMS as FACT_PROBLEMS
from contracts.paperfile import Fault
from contracts.words import Words

LABELS: dict[str, Words] = {
    "form": "form",
    "contract": "contract",
    "versions": "versions",
    "clauses": "clauses",
    "number": pgettext_lazy("contract file", "Number"),
    "title": pgettext_lazy("contract file", "Title"),
    "title_zh": pgettext_lazy("contract file", "Chinese title"),
    "customer": pgettext_lazy("contract file", "Customer (code)"),
    "project": pgettext_lazy("contract file", "Project (code)"),
    "status": pgettext_lazy("contract file", "Status"),
    "signed_on": pgettext_lazy("contract file", "Signed on"),
    "currency": pgettext_lazy("contract file", "Currency"),
    "price": pgettext_lazy("contract file", "Price"),
    "price_includes_vat": pgettext_lazy("contract file", "Price includes VAT"),
    "vat_pct": pgettext_lazy("contract file", "VAT rate, %"),
    "effective_from": pgettext_lazy("contract file", "Effective from"),
    "effective_to": pgettext_lazy("contract file", "Effective to"),
    "governing_language": pgettext_lazy("contract file", "Governing language"),
    "note": pgettext_lazy("contract file", "Note"),
    "type": pgettext_lazy("contract file", "Type"),
    "heading": pgettext_lazy("contract file", "Heading"),
    "heading_zh": pgettext_lazy("contract file", "Chinese heading"),
    "page": pgettext_lazy("contract file", "Page"),
    "language": pgettext_lazy("contract file", "Language of the text"),
    "text": pgettext_lazy("contract file", "Original text"),
}
FAULTS: dict[str, Words] = {
    "file_empty": _("The file is empty. Choose another."),
    "file_too_large": _("The file is larger than %(most)s kB. Split the contract, or leave out what is no clause."),
    "not_utf8": _("From here on the file is not UTF-8 text. Save it again as UTF-8."),
    "strange_character": _("The character U+%(hex)s cannot stand in a contract. Take it out."),
    "yaml_syntax": _("This cannot be read as YAML. Check indentation, colons and quotation marks here and just above."),
    "json_syntax": _("This cannot be read as JSON. Check commas, brackets and quotation marks here and just above."),
    "too_many_values": _("The file has more than %(most)s values. Split the contract."),
    "too_deep": _("The file is nested more than %(most)s levels deep, which no contract is. Flatten it."),
    "several_documents": _("A second document begins here. Keep one contract in a file."),
    "alias": _("Anchors and aliases (& and *) are not read. Write the value out."),
    "tag": _("Tags (!) are not read. Write the value without one."),
    "key_twice": _("“%(key)s” stands twice in the same place. Keep one."),
    "key_not_text": _("A name is expected here. Write it as a plain word before the colon."),
    "form": _("The first line has to say which form this is. Write form: %(form)s."),
    "unknown_part": _("“%(field)s” is no part of this form. Take it out, or correct its name."),
    "year_out_of_reach": _("“%(field)s” needs a year from %(least)s to %(most)s."),
    "clause_twice": _(
        "This version has a clause of that number and type already. Correct the number, or take one out."
    ),
    "version_order": _("Versions stand in the order of their days. Let this one begin after the one before."),
    "version_gap": _("A version ends the day before the next one begins. Write %(day)s, or leave the end out."),
    "number_taken": _("There is a contract %(given)s already. Correct the number, or amend that contract."),
    "customer_unknown": _(
        "There is no customer with the code “%(given)s”. Correct the code, or enter the customer first."
    ),
    "project_unknown": _("This customer has no project with the code “%(given)s”. Correct the code, or leave it out."),
    "not_an_object": _("Names with their values are expected here, such as number: 7.2."),
    "unknown_choice": _("“%(given)s” is no choice for “%(field)s”. Write one of these: %(options)s."),
    "unknown_field": _("“%(field)s” is not known here. Take it out, or correct its name."),
}


def say(fault: Fault) -> str:
    """Return the fault as a sentence of the active language, without its place."""
    sentence = FAULTS.get(fault.code) or words.PROBLEMS.get(fault.code) or FACT_PROBLEMS[fault.code]
    return str(sentence) % (dict(fault.params) | {"field": _name(fault.field)})


def say_with_place(fault: Fault) -> str:
    """Return the fault as a sentence that begins with its line and column, where it has them."""
    if not fault.line:
        return say(fault)
    place = {"line": fault.line, "column": fault.column, "sentence": say(fault)}
    return gettext("Line %(line)s, column %(column)s: %(sentence)s") % place


def _name(path: str) -> str:
    """Return what a field is called, with its name in the file, which people look for there."""
    key = path.rpartition(".")[2][:60]
    label = LABELS.get(key) or words.LABELS.get(key)
    return f"{label} ({key})" if label and str(label) != key else key
