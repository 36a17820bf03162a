"""The widget's side: one visitor, one conversation, no cookies."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.registry.api.base import checked
from apps.streams.replay import read_missing
from apps.streams.selectors import LONGEST_REPLAY, stream_position
from apps.support.api import serializers
from apps.support.api.base import REFUSALS, VisitorView
from apps.support.limits import spend_message, spend_session
from apps.support.models import Visitor
from apps.support.selectors.agents import is_anybody_online
from apps.support.selectors.conversations import current_conversation
from apps.support.selectors.rendering import FOR_CUSTOMER
from apps.support.selectors.transcripts import transcript
from apps.support.services.answering_soon import prepare_to_answer, see_to_soon
from apps.support.services.conversations import start_conversation
from apps.support.services.forms import Form, check_form, submit_form
from apps.support.services.identities import SignedIdentity
from apps.support.services.messages import check_message, send_customer_message
from apps.support.services.reading import mark_read
from apps.support.services.sessions import open_session
from apps.support.services.status import confirm_resolution, rate_conversation


class SessionView(VisitorView):
    permission_classes = ()

    @extend_schema(
        request=serializers.SessionQuerySerializer, responses={201: serializers.SessionSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """A token for somebody new, for the customer that the shop signed, or for whose token this is."""
        spend_session(self.address)
        asked = checked(serializers.SessionQuerySerializer, request.data)
        at = timezone.now()
        session = open_session(
            at=at,
            known=request.auth if isinstance(request.auth, Visitor) else None,
            signed=SignedIdentity(**asked["identity"]) if "identity" in asked else None,
            language=asked["language"],
        )
        prepare_to_answer()
        conversation = current_conversation(session.visitor, at=at)
        told = {
            "token": session.token,
            "conversation": conversation.public_id if conversation else None,
            "last_seq": stream_position(conversation.stream).last_seq if conversation else 0,
            "is_online": is_anybody_online(),
        }
        return Response(told, status=201)


class EventsView(VisitorView):
    @extend_schema(
        parameters=[serializers.AfterSerializer], responses={200: serializers.EventsSerializer, **REFUSALS}
    )
    def get(self, request: Request) -> Response:
        """What happened in the visitor's conversation after a number, in order."""
        after = checked(serializers.AfterSerializer, request.query_params)["after"]
        conversation = current_conversation(self.visitor, at=timezone.now())
        told: dict[str, Any] = {"events": [], "last_seq": 0, "is_online": is_anybody_online()}
        if conversation is not None:
            last_seq = stream_position(conversation.stream).last_seq
            # The end of a very long conversation is enough; whoever is ahead of it begins anew.
            start = max(after if after <= last_seq else 0, last_seq - LONGEST_REPLAY)
            missing = read_missing(conversation.stream, FOR_CUSTOMER, start)
            told |= {"events": missing.events, "last_seq": missing.last_seq}
        return Response(told)


class MessagesView(VisitorView):
    @extend_schema(
        request=serializers.SendSerializer,
        responses={200: serializers.SentSerializer, 201: serializers.SentSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        """Send a message; the same client_id again changes nothing and is answered with 200."""
        asked = checked(serializers.SendSerializer, request.data)
        spend_message(self.visitor.pk, self.address)
        check_message(**asked)
        at = timezone.now()
        self.spend_beginning(at)
        conversation = start_conversation(visitor=self.visitor, at=at)
        message = send_customer_message(conversation=conversation, at=at, **asked)
        see_to_soon(message)
        is_new = message.created_at == at
        told = {"seq": message.seq, "client_id": message.client_id}
        return Response(told, status=201 if is_new else 200)


class FormView(VisitorView):
    @extend_schema(
        request=serializers.FormSerializer, responses={201: serializers.FormSentSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """A message that waits for people, with the address that the answer can be sent to."""
        asked = checked(serializers.FormSerializer, request.data)
        spend_message(self.visitor.pk, self.address)
        form, at = Form(**asked), timezone.now()
        check_form(form)
        self.spend_beginning(at)
        ticket = submit_form(visitor=self.visitor, form=form, at=at)
        told = {"conversation": ticket.message.conversation.public_id, "email": ticket.email}
        return Response(told, status=201)


class RatingView(VisitorView):
    @extend_schema(request=serializers.RatingSerializer, responses={204: None, **REFUSALS})
    def post(self, request: Request) -> Response:
        """From 1 to 5, with a comment."""
        asked = checked(serializers.RatingSerializer, request.data)
        spend_message(self.visitor.pk, self.address)
        rate_conversation(conversation=self.conversation(), **asked)
        return Response(status=204)


class ResolutionView(VisitorView):
    @extend_schema(request=serializers.ResolutionSerializer, responses={204: None, **REFUSALS})
    def post(self, request: Request) -> Response:
        """Whether it is solved. A no gives the conversation to people."""
        asked = checked(serializers.ResolutionSerializer, request.data)
        spend_message(self.visitor.pk, self.address)
        confirm_resolution(conversation=self.conversation(), at=timezone.now(), **asked)
        return Response(status=204)


class ReadView(VisitorView):
    @extend_schema(
        request=serializers.ReadSerializer, responses={200: serializers.ReadSerializer, **REFUSALS}
    )
    def post(self, request: Request) -> Response:
        """The visitor has read up to this number."""
        asked = checked(serializers.ReadSerializer, request.data)
        seq = mark_read(conversation=self.conversation(), is_customer=True, seq=asked["seq"])
        return Response({"seq": seq})


class TranscriptView(VisitorView):
    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR, **REFUSALS})
    def get(self, request: Request) -> HttpResponse:
        """The conversation as text."""
        answer = HttpResponse(transcript(self.conversation()), content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="conversation.txt"'
        return answer
