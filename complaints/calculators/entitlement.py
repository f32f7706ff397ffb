"""What a clause gives on the facts: every kind of clause that can be computed (DOMAIN §6)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.calculators import Answer, Question, Unfit, offer
from complaints.calculators.shapes import Place, Whole
from contracts import entitlement, entitlement_lines, entitlement_record, entitlement_words
from contracts.clauses import TERMS, TermsError, read_terms, rules
from contracts.clauses.case import CaseFacts, InForce, not_in_force
from contracts.clauses.working import step, written
from contracts.words import say as say_term
from worktime.calendars import Calendar

HOME = "CN-STD"  # the working days that move a last day, where the facts name none


class Facts(serializers.Field[dict[str, Any], Any, Any, Any]):
    """The facts of the clause, by name; the rule checks them."""

    default_error_messages = {"invalid": _('The facts are given by name: {{"base": "1280000.00", …}}.')}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        return dict(data)

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class Entitlement(serializers.Serializer[Any]):
    clause = serializers.ChoiceField(list(rules.RULES))
    facts = Facts()
    calendar = Place(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A calendar may stand among the facts too; a rule that counts no working days asks for none."""
        named = attrs["facts"].pop("calendar", None)
        if named is not None:
            attrs["calendar"] = _place(named)
        if attrs["calendar"] is None and rules.RULES[attrs["clause"]].dated:
            attrs["calendar"] = _place(HOME)
        return attrs


def solve(said: dict[str, Any]) -> Answer:
    """Return what the clause gives, in the names and spellings of the worked examples, with every step."""
    calendar: Calendar | None = said["calendar"]
    try:
        found = rules.answer(said["clause"], said["facts"], calendar)
    except TermsError as error:
        raise Unfit({"input": {"facts": sentences(error)}}) from error
    return Answer(written(found.result), (*found.steps, step("not_legal_advice")))


def sentences(error: TermsError) -> dict[str, list[str]]:
    """Return the problems as sentences by the fact that they belong to."""
    said: dict[str, list[str]] = {}
    for problem in error.problems:
        said.setdefault(problem.field, []).append(entitlement_words.say_problem(problem))
    return said


def _place(named: Any) -> Calendar:
    try:
        return Place().to_internal_value(named)
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"facts": {"calendar": error.detail}}) from error


class Paper(serializers.Field[InForce, Any, Any, Any]):
    """One checked clause: number, type and terms; if wanted heading, contract, version, effective_from and -to."""

    default_error_messages = {
        "invalid": _('A clause is given by name: {{"number": "8.1", "type": "LD_DELAY", "terms": {{…}}}}.'),
    }

    def to_internal_value(self, data: Any) -> InForce:
        shape = PaperShape(data=data)
        if not isinstance(data, dict):
            self.fail("invalid")
        shape.is_valid(raise_exception=True)
        said: dict[str, Any] = dict(shape.validated_data)
        try:
            terms = read_terms(said["type"], said.pop("terms"))
        except TermsError as error:
            found: dict[str, list[str]] = {}
            for problem in error.problems:
                found.setdefault(problem.field, []).append(say_term(problem))
            raise serializers.ValidationError({"terms": found}) from error
        return InForce(**said, terms=terms)

    def to_representation(self, value: InForce) -> dict[str, Any]:
        return value.to_data()


class PaperShape(serializers.Serializer[Any]):
    number = serializers.CharField(max_length=20)
    type = serializers.ChoiceField(list(TERMS))
    terms = Facts()
    heading = serializers.CharField(max_length=200, required=False, allow_blank=True)
    contract = serializers.CharField(max_length=60, required=False, allow_blank=True)
    version = Whole(min_value=1, max_value=10_000, required=False)
    effective_from = serializers.DateField(required=False, allow_null=True)
    effective_to = serializers.DateField(required=False, allow_null=True)


class WholeCase(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    clauses = serializers.ListField(child=Paper(), max_length=80)
    facts = Facts()
    calendar = Place(required=False, allow_null=True, default=None)


def solve_case(said: dict[str, Any]) -> Answer:
    """Return the whole assessment of a case: every gate, remedy and head, and what would turn them."""
    try:
        facts = CaseFacts.from_data(said["facts"])
    except TermsError as error:
        raise Unfit({"input": {"facts": sentences(error)}}) from error
    if problem := not_in_force(said["as_of"], said["clauses"]):
        raise Unfit({"input": {"as_of": [entitlement_words.say_problem(problem)]}})
    calendar = said["calendar"] or _place(HOME)
    found = entitlement.assess(facts, said["clauses"], as_of=said["as_of"], calendar=calendar)
    lines = (*entitlement_lines.lines(found), step("not_legal_advice"))
    return Answer(entitlement_record.to_data(found)["found"], lines)


offer(
    "entitlement",
    {"entitlement": Question(Entitlement, solve), "assessment": Question(WholeCase, solve_case)},
)
