"""`/api/v1/complaints/`: the same verbs as the pages, with problem+json, cursors, keys and versions."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any, cast
from zoneinfo import ZoneInfo

import django_filters
from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as InvalidInput
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import once
from accounts.models import User
from audit.models import Event
from complaints import acts, assessing, clock_story, clock_story_words, facts, incident_data, lifecycle
from complaints.api_shapes import CaseShape, ClockShape, CustomerShape, FactsShape, ImpactShape, IntakeShape, RowShape
from complaints.calculators import Answer
from complaints.calculators.words import explained
from complaints.gates import Reason
from complaints.lifecycle import Refused
from complaints.models import Complaint, SlaClock
from complaints.models.states import STAGES, ClockState, Grade, LetterKind, Stage, State
from complaints.views.clocks import find as find_clock
from complaints.views.letters import pdf_answer, readable
from complaints.words import say

CUSTOMER_MOVES = frozenset({"counter", "accept", "not_solved", "confirm"})
CUSTOMER_ACTS = CUSTOMER_MOVES | {"escalate"}
INNER = ("state", "grade", "owner")  # what only staff may narrow a list to
SAID_TO_CUSTOMERS = ("case.registered", "letter.sent", "reply.sent", "customer.wrote", "evidence.added")


class VersionMissing(APIException):
    status_code = 428
    default_detail = _("Send If-Match with the version that you edit, as the ETag gave it.")
    default_code = "if_match_missing"


class VersionStale(APIException):
    status_code = 412
    default_code = "version_stale"

    def __init__(self, version: int) -> None:
        super().__init__(_("The case is at version %(version)s now. Read it again.") % {"version": version})


class LetterMissing(APIException):
    """A letter's PDF that will not come, or not now; the page says it in words, the API as a problem."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(answer.content.decode(), "letter_missing")
        self.status_code = answer.status_code
        self.wait = int(answer.headers.get("Retry-After", 0)) or None


class Pdf(BaseRenderer):
    """Lets a program ask for a PDF; the view answers with the file itself."""

    media_type, format, charset = "application/pdf", "pdf", None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return JSONRenderer().render(data)  # only errors pass here


class Instant(IsoDateTimeField):
    """An instant that every zone can write."""

    def clean(self, value: Any) -> Any:
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise InvalidInput(self.error_messages["invalid"], code="invalid") from error


class InstantFilter(django_filters.IsoDateTimeFilter):
    field_class = Instant


class CaseFilter(django_filters.FilterSet):
    """What a list may be narrowed to; values of one name are alternatives."""

    state = django_filters.MultipleChoiceFilter(choices=State.choices)
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices, method="in_stage")
    grade = django_filters.MultipleChoiceFilter(choices=Grade.choices)
    customer = django_filters.CharFilter(field_name="customer__code")
    owner = django_filters.CharFilter(field_name="owner__email", lookup_expr="iexact")
    received_after = InstantFilter(field_name="received_at", lookup_expr="gte")
    received_before = InstantFilter(field_name="received_at", lookup_expr="lt")
    q = django_filters.CharFilter(method="with_words")

    class Meta:
        model = Complaint
        fields = ("state", "stage", "grade", "customer", "owner", "received_after", "received_before", "q")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.request is not None and not self.request.user.may("case.see"):
            for name in INNER:  # a customer must not learn by asking what is not shown
                self.filters.pop(name)

    def in_stage(self, rows: QuerySet[Complaint], name: str, stages: list[str]) -> QuerySet[Complaint]:
        return rows.filter(state__in=[state for stage in stages for state in STAGES[stage]]) if stages else rows

    def with_words(self, rows: Any, name: str, words: str) -> QuerySet[Complaint]:
        return rows.with_words(words)


class ComplaintViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Complaint]):
    """Cases that the caller may know of; foreign and missing look the same."""

    lookup_field = "ref"
    lookup_value_regex = "[^/]+"
    filterset_class = CaseFilter
    queryset = Complaint.objects.none()
    serializer_class = CaseShape

    def get_queryset(self) -> QuerySet[Complaint]:
        if getattr(self, "swagger_fake_view", False):
            return Complaint.objects.none()
        clocks = SlaClock.objects.filter(state__in=[ClockState.RUNNING, ClockState.PAUSED]).order_by("due_at", "pk")
        rows = Complaint.objects.visible_to(self.request.user).filter(ref__isnull=False)
        rows = rows.select_related("customer", "owner")
        if not self._staff:
            return rows
        rows = rows.prefetch_related(Prefetch("clocks", clocks, to_attr="open_clocks"))
        return (
            rows if self.action == "list" else rows.select_related("product", "contract", "lot", "department", "master")
        )

    def get_serializer_class(self) -> type[serializers.BaseSerializer]:
        if not self._staff:
            return CustomerShape
        return RowShape if self.action == "list" else CaseShape

    @property
    def _staff(self) -> bool:
        user = self.request.user
        return bool(user.is_authenticated and user.may("case.see"))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a case; its ETag is the version to edit."""
        return self._whole(self.get_object())

    @extend_schema(request=IntakeShape, responses={201: CaseShape})
    def create(self, request: Request) -> Response:
        """Log a complaint: customer, description and found_on make it received."""

        def act() -> Response:
            shape = IntakeShape(data=request.data, context={"request": request})
            shape.is_valid(raise_exception=True)
            now = timezone.now()
            at = _moment(shape.validated_data.get("at"), now)
            if shape.validated_data.get("draft"):
                case = lifecycle.draft(shape.new_case(), by=_person(request), at=at)
            else:
                case = lifecycle.register(shape.new_case(), by=_person(request), at=at, now=now)
            if case.ref is None:
                return Response({"uuid": str(case.uuid), "state": case.state}, status=status.HTTP_201_CREATED)
            answer = self._whole(case, status=status.HTTP_201_CREATED)
            answer["Location"] = request.build_absolute_uri(f"{request.path}{case.ref}/")
            return answer

        return once(request, act)

    @extend_schema(
        request=FactsShape,
        responses=CaseShape,
        parameters=[OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)],
    )
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change facts of a case; If-Match names the version that was read."""
        case = self.get_object()
        wanted = request.headers.get("If-Match")
        if not wanted:
            raise VersionMissing
        if wanted.strip() not in {_etag(case), "*"}:
            raise VersionStale(case.version)
        shape = FactsShape(case, data=request.data, partial=True, context={"request": request})
        shape.is_valid(raise_exception=True)
        facts.edit_facts(
            case, by=_person(request), at=timezone.now(), expected=_expected(wanted), **shape.validated_data
        )
        return self._whole(self.get_queryset().get(pk=case.pk))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def transitions(self, request: Request, ref: str) -> Response:
        """List every move: allowed, or the reasons why not, what its form asks, and who may make it."""
        case = self.get_object()
        choices = lifecycle.all_choices(case, _person(request))
        if not self._staff:
            choices = [choice for choice in choices if choice.verb in CUSTOMER_MOVES]
        return Response([_choice(choice, case, request.user) for choice in choices])

    @extend_schema(request=OpenApiTypes.OBJECT, responses={200: CaseShape, 409: OpenApiTypes.OBJECT})
    @action(detail=True, methods=["post"], url_path=r"transitions/(?P<verb>[a-z0-9_]+)")
    def transition(self, request: Request, ref: str, verb: str) -> Response:
        """Make a move, or any act of the case's rooms; the body holds what its form asks, and `at`."""
        case = self.get_object()
        act = acts.get(verb)
        if act is None or (not self._staff and verb not in CUSTOMER_ACTS):
            raise NotFound
        return once(request, lambda: self._perform(request, case, act))

    def _perform(self, request: Request, case: Complaint, act: acts.Act) -> Response:
        offer = acts.offer(act, case, _person(request))
        if not offer.permitted:
            raise PermissionDenied
        if offer.blocked_by:
            raise Refused(*offer.blocked_by)
        form = act.form(_as_form_data(request.data), complaint=case, user=_person(request), now=timezone.now())
        if not self._staff:  # when a customer answered is when we got it
            form.fields.pop("at", None)
        elif "at" in request.data and not form.dated:
            raise ValidationError({"at": _("What is sent counts from now. Leave the moment out.")})
        if not form.is_valid():
            raise ValidationError({name: [str(line) for line in lines] for name, lines in form.errors.items()})
        acts.perform(act, case, by=_person(request), at=timezone.now(), said=dict(form.cleaned_data))
        return self._whole(self.get_queryset().get(pk=case.pk))

    @extend_schema(responses=ClockShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def clocks(self, request: Request, ref: str) -> Response:
        """Return every clock of every cycle, decided or not."""
        case = self.get_object()
        if not self._staff:
            raise NotFound
        return Response(ClockShape(case.clocks.order_by("cycle", "pk"), many=True).data)

    @extend_schema(responses=ImpactShape)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def impact(self, request: Request, ref: str) -> Response:
        """Return the newest version of what the case does to the money of its project; 404 while there is none."""
        case = self.get_object()
        versions = case.finance_impacts.select_related("by", "project").order_by("-cycle", "-number")
        newest = versions.first() if self._staff else None
        if newest is None:
            raise NotFound
        return Response(ImpactShape(newest).data)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def incident(self, request: Request, ref: str) -> Response:
        """Return the incident that runs, else the last one, with the ids that its acts ask for; 404 if none was."""
        case = self.get_object()
        found = incident_data.newest(case) if self._staff else None
        if found is None:
            raise NotFound
        return Response(found)

    @extend_schema(responses=OpenApiTypes.OBJECT, parameters=[OpenApiParameter("pk", int, OpenApiParameter.PATH)])
    @action(detail=True, methods=["get"], url_path=r"clocks/(?P<pk>[0-9]{1,18})/timeline")
    def clock_timeline(self, request: Request, ref: str, pk: str) -> Response:
        """Return one clock with every second of it accounted for: what counted, and why the rest did not."""
        case = self.get_object()
        clock = find_clock(case, int(pk)) if self._staff else None
        if clock is None:
            raise NotFound
        story = clock_story.tell(clock, clock_story.events_of(clock), now=timezone.now())
        return Response(clock_story_words.as_data(story, ZoneInfo(str(timezone.get_current_timezone()))))

    @extend_schema(responses={200: OpenApiTypes.OBJECT, 404: OpenApiTypes.OBJECT, 409: OpenApiTypes.OBJECT})
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def entitlement(self, request: Request, ref: str) -> Response:
        """Return what the contract gives on the facts of now, with every step; 404 without checked clauses."""
        case = self.get_object()
        if not self._staff:
            raise NotFound
        answer = assessing.answer(case, at=timezone.now())
        if answer is None:
            raise NotFound(_("The case names no contract with clauses that Legal checked."))
        steps = explained(Answer({}, answer.pop("steps")))
        return Response({**answer, "explanation": steps})

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def events(self, request: Request, ref: str) -> Response:
        """Return what happened, in order; a customer sees what was said to and by them."""
        case = self.get_object()
        rows = Event.objects.of("case", case.uuid)
        rows = rows if self._staff else rows.filter(kind__in=SAID_TO_CUSTOMERS)
        return Response([_event(event, whole=self._staff) for event in rows])

    @extend_schema(
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            202: None,
            404: OpenApiTypes.OBJECT,
            410: OpenApiTypes.OBJECT,
            503: OpenApiTypes.OBJECT,
        }
    )
    def eight_d_pdf(self, request: Request, ref: str) -> HttpResponse:
        """Return the last frozen 8D report; 202 with Retry-After while its PDF is owed, 404 before there is one."""
        reports = readable(self.get_object(), _person(request)).filter(kind=LetterKind.EIGHT_D)
        last = reports.order_by("-frozen_at", "-pk").first()
        if last is None:
            raise NotFound
        answer = pdf_answer(last)
        if answer.status_code >= 400:
            raise LetterMissing(answer)
        return answer

    def _whole(self, case: Complaint, status: int = 200) -> Response:
        shape = CaseShape if self._staff else CustomerShape
        return Response(shape(case).data, status=status, headers={"ETag": _etag(case)})


def _person(request: Request) -> User:
    """Return who asks; the permission classes let nobody else in."""
    return cast(User, request.user)


def _choice(choice: lifecycle.Choice, case: Complaint, user: Any) -> dict[str, Any]:
    act = acts.get(choice.verb)
    form = act.form(complaint=case, user=user, now=timezone.now()) if act and choice.allowed else None
    return {
        "verb": choice.verb,
        "label": str(act.label) if act else choice.verb,
        "allowed": choice.allowed,
        "permitted": choice.permitted,
        "reasons": [_reason(why) for why in choice.blocked_by],
        "asks": [_reason(why) for why in choice.asks],
        "roles": sorted(choice.roles),
        "fields": [{"name": field.name, "required": field.field.required} for field in form] if form else [],
    }


def _reason(why: Reason) -> dict[str, Any]:
    params = {name: str(value) for name, value in why.params.items()}
    return {"code": why.code, "params": params, "sentence": say(why)}


def _event(event: Event, *, whole: bool) -> dict[str, Any]:
    shown = {"seq": event.seq, "kind": event.kind, "at": event.at}
    if whole:
        shown |= {"by": event.by_id, "recorded_at": event.recorded_at, "facts": event.facts, "hash": event.hash}
    return shown


def _etag(case: Complaint) -> str:
    return f'"v{case.version}"'


def _expected(wanted: str) -> int | None:
    digits = wanted.strip().strip('"').removeprefix("v")
    return int(digits) if digits.isdecimal() else None


def _moment(at: Any, now: Any) -> Any:
    if at and at > now:
        raise ValidationError({"at": _("The moment lies in the future. Give one that has passed.")})
    return at or now


def _as_form_data(data: Any) -> MultiValueDict:
    """
    Return a JSON object as a form would send it: lists as several values, objects as `name_part`, objects in a list
    as JSON text.
    """
    if not isinstance(data, dict):
        raise ValidationError({"non_field_errors": [_("Send a JSON object.")]})
    said: MultiValueDict = MultiValueDict()
    for name, value in data.items():
        if isinstance(value, dict):
            for part, inner in value.items():
                said[f"{name}_{part}"] = _as_typed(inner)
        elif isinstance(value, list):
            said.setlist(name, [json.dumps(item) if isinstance(item, dict) else str(item) for item in value])
        elif value is not None:
            said[name] = _as_typed(value)
    return said


def _as_typed(value: Any) -> Any:
    """Return a JSON value as somebody would type it: fields of a form read words, a box reads "True" as ticked."""
    return None if value is None else str(value)
