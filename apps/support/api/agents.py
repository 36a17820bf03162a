"""The agents' side over REST: read without personal data, answer, take, pass on, resolve, correct."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.registry.api.base import Pages, checked
from apps.support.addresses import conversation_or_404
from apps.support.api import agent_serializers as serializers
from apps.support.api.agent_base import REFUSALS, AgentView
from apps.support.api.serializers import AfterSerializer, SendSerializer, SentSerializer
from apps.support.models import Conversation, Decision, Intent
from apps.support.selectors.queue import Wanted, found_on_desk
from apps.support.selectors.thread import messages_after
from apps.support.services.corrections import correct_intent
from apps.support.services.ownership import return_to_queue, take_conversation, transfer_conversation
from apps.support.services.remote import act_remotely
from apps.support.services.replies import send_reply
from apps.support.services.status import resolve_conversation

ONE = {200: serializers.ConversationSerializer, **REFUSALS}


class ConversationListView(AgentView, generics.ListAPIView[Conversation]):
    """The lists of the console, in their order."""

    serializer_class = serializers.ConversationSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Conversation]:
        asked = checked(serializers.ListQuerySerializer, self.request.query_params)
        # Fetched beside it: nothing is looked up for the rows of earlier pages, however many these are.
        return found_on_desk(Wanted.of(asked), self.agent).prefetch_related("visitor", "agent", "tags")

    @extend_schema(
        operation_id="support_conversations",
        summary="The lists of the console",
        parameters=[serializers.ListQuerySerializer],
        responses={200: serializers.ConversationSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return self.list(request)


class ConversationView(AgentView):
    @extend_schema(operation_id="support_conversation", summary="One conversation", responses=ONE)
    def get(self, request: Request, public_id: UUID) -> Response:
        return told(public_id)


class MessagesView(AgentView):
    @extend_schema(
        operation_id="support_messages",
        parameters=[AfterSerializer],
        responses={200: serializers.MessageSerializer(many=True), **REFUSALS},
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        """In their order, up to 500 at once; ask again after the last seq."""
        after = checked(AfterSerializer, request.query_params)["after"]
        found = messages_after(conversation_or_404(public_id), after)
        return Response(serializers.MessageSerializer(found, many=True).data)

    @extend_schema(
        operation_id="support_reply",
        request=SendSerializer,
        responses={200: SentSerializer, 201: SentSerializer, **REFUSALS},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        """By who has the conversation; the same client_id again changes nothing and is answered with 200."""
        asked, at = checked(SendSerializer, request.data), timezone.now()
        message = act_remotely(
            conversation=conversation_or_404(public_id),
            actor=self.agent,
            action="message_sent",
            detail=lambda sent: {"seq": sent.seq} if sent.created_at == at else None,
            act=lambda it: send_reply(conversation=it, user=self.agent, inserted=None, at=at, **asked),
        )
        sent = {"seq": message.seq, "client_id": message.client_id}
        return Response(sent, status=201 if message.created_at == at else 200)


class TakeView(AgentView):
    @extend_schema(
        operation_id="support_take",
        summary="Take a conversation",
        request=serializers.TakeSerializer,
        responses=ONE,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        asked, at = checked(serializers.TakeSerializer, request.data), timezone.now()
        before = conversation_or_404(public_id)
        act_remotely(
            conversation=before,
            actor=self.agent,
            action="taken",
            detail=lambda held: asked if held.revision != before.revision else None,
            act=lambda it: take_conversation(conversation=it, user=self.agent, at=at, **asked),
        )
        return told(public_id)


class TransferView(AgentView):
    @extend_schema(
        operation_id="support_transfer",
        summary="Pass a conversation on",
        request=serializers.TransferSerializer,
        responses=ONE,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        asked, at = checked(serializers.TransferSerializer, request.data), timezone.now()
        to = get_object_or_404(User, username=asked["to"], is_active=True)
        act_remotely(
            conversation=conversation_or_404(public_id),
            actor=self.agent,
            action="transferred",
            detail=lambda _: {"to": to.pk},
            act=lambda it: transfer_conversation(conversation=it, actor=self.agent, to=to, at=at),
        )
        return told(public_id)


class ReturnView(AgentView):
    @extend_schema(operation_id="support_return", request=None, responses=ONE)
    def post(self, request: Request, public_id: UUID) -> Response:
        """Back to the queue."""
        at = timezone.now()
        act_remotely(
            conversation=conversation_or_404(public_id),
            actor=self.agent,
            action="returned",
            detail=lambda _: {},
            act=lambda it: return_to_queue(conversation=it, actor=self.agent, at=at),
        )
        return told(public_id)


class ResolveView(AgentView):
    @extend_schema(
        operation_id="support_resolve",
        summary="Resolve a conversation",
        request=serializers.ResolveSerializer,
        responses=ONE,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        asked, at = checked(serializers.ResolveSerializer, request.data), timezone.now()
        act_remotely(
            conversation=conversation_or_404(public_id),
            actor=self.agent,
            action="resolved",
            detail=lambda held: asked if held.resolved_at == at else None,
            act=lambda it: resolve_conversation(conversation=it, actor=self.agent, at=at, **asked),
        )
        return told(public_id)


class CorrectView(AgentView):
    @extend_schema(
        operation_id="support_correct",
        request=serializers.CorrectSerializer,
        responses={200: serializers.DecisionSerializer, **REFUSALS},
    )
    def post(self, request: Request, public_id: UUID, pk: int) -> Response:
        """What the customer meant; as in the console the question becomes an example, and it is audited."""
        asked = checked(serializers.CorrectSerializer, request.data)
        of_conversation = Decision.objects.filter(message__conversation__public_id=public_id)
        decision = get_object_or_404(of_conversation, pk=pk)
        intent = get_object_or_404(Intent, name=asked["intent"])
        correct_intent(decision=decision, intent=intent, actor=self.agent, at=timezone.now())
        decision.refresh_from_db()
        return Response(serializers.DecisionSerializer(decision).data)


def told(public_id: UUID) -> Response:
    """The conversation as it is now."""
    content: Any = serializers.ConversationSerializer(conversation_or_404(public_id)).data
    return Response(content)
