"""Looking a receipt up: whoever holds all of it learns one of five states, and nothing else."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reporting.cases.queries import state_of_receipt
from reporting.people import receipts


class ReceiptRequest(serializers.Serializer[Any]):
    """A receipt as somebody wrote it: grouped or not, upper or lower case."""

    receipt = serializers.CharField(max_length=40)


class ReceiptState(serializers.Serializer[Any]):
    """How far the report is."""

    state = serializers.ChoiceField(choices=["arrived", "with_office", "answered", "solved", "closed"])


class Receipts(APIView):
    """In the body and by POST, since addresses are kept in histories. Without a bearer: the paper may be another's."""

    authentication_classes = ()

    @extend_schema(request=ReceiptRequest, responses=ReceiptState, operation_id="look_up_receipt")
    def post(self, request: Request) -> Response:
        """404 for one that is not here (yet), 400 for one that was copied wrong."""
        asked = ReceiptRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        receipt = receipts.parse(asked.validated_data["receipt"])
        if receipt is None:
            raise ParseError("This is not a receipt: a letter or digit was copied wrong.")
        state = state_of_receipt(receipt)
        if state is None:
            raise Http404
        return Response({"state": state}, headers={"Cache-Control": "no-store"})
