"""`/api/v1/calculators/<name>/`: a what-if question in, result and explanation out; nothing is kept."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints import calculators
from complaints.calculators.words import explained

ASKED = inline_serializer("Question", {"kind": serializers.CharField(), "input": serializers.DictField()})
LINE = inline_serializer("Line", {"code": serializers.CharField(), "sentence": serializers.CharField()}, many=True)
ANSWERED = inline_serializer("Answer", {"result": serializers.DictField(), "explanation": LINE})


class Calculator(APIView):
    """Deadline, period, grade: the rules of the house on facts that the caller gives."""

    @extend_schema(request=ASKED, responses=ANSWERED)
    def post(self, request: Request, name: str) -> Response:
        """Answer one question: {"kind", "input"}."""
        if name not in calculators.names():
            raise NotFound
        said: Any = request.data if isinstance(request.data, dict) else {}
        try:
            answer = calculators.ask(name, said.get("kind"), said.get("input"))
        except calculators.Unfit as unfit:
            raise ValidationError(unfit.errors) from unfit
        return Response({"result": answer.result, "explanation": explained(answer)})
