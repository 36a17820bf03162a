"""Conversations as agents' programs get them: without personal data, which is seen in the console alone."""

from typing import Any

from rest_framework import serializers

from apps.support.models import Conversation, Decision, Message
from apps.support.selectors.queue import Desk


class ListQuerySerializer(serializers.Serializer[None]):
    list = serializers.ChoiceField(choices=[desk.value for desk in Desk], default=Desk.QUEUE.value)
    q = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="in what was said")
    tag = serializers.CharField(max_length=40, allow_blank=True, default="")
    skill = serializers.CharField(max_length=64, allow_blank=True, default="")
    intent = serializers.CharField(max_length=64, allow_blank=True, default="")


class ConversationSerializer(serializers.ModelSerializer[Conversation]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    agent = serializers.CharField(source="agent.username", default=None, read_only=True)
    tags = serializers.SlugRelatedField[Any](slug_field="name", many=True, read_only=True)
    is_erased = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = (
            "id",
            "status",
            "owner",
            "agent",
            "revision",
            "intent",
            "skill",
            "tags",
            "language",
            "channel",
            "created_at",
            "last_message_at",
            "last_customer_at",
            "response_due_at",
            "snoozed_until",
            "resolved_at",
            "resolution",
            "rating",
            "visitor_read_seq",
            "agent_read_seq",
            "is_erased",
        )
        read_only_fields = fields

    def get_is_erased(self, conversation: Conversation) -> bool:
        return conversation.visitor.erased_at is not None


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    version = serializers.IntegerField(source="version.number", default=None, read_only=True)
    corrected_intent = serializers.CharField(source="corrected_intent.name", default=None, read_only=True)

    class Meta:
        model = Decision
        fields = (
            "id",
            "action",
            "reason",
            "intent",
            "confidence",
            "threshold",
            "version",
            "corrected_intent",
        )
        read_only_fields = fields


class MessageSerializer(serializers.ModelSerializer[Message]):
    agent = serializers.CharField(source="user.username", default=None, read_only=True)
    text = serializers.CharField(source="masked", read_only=True, help_text="without personal data")
    decision = DecisionSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Message
        fields = ("seq", "author", "agent", "text", "answers_seq", "created_at", "decision")
        read_only_fields = fields


class TakeSerializer(serializers.Serializer[None]):
    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="as it was read")


class TransferSerializer(serializers.Serializer[None]):
    to = serializers.CharField(max_length=150, help_text="the agent's user name")


class ResolveSerializer(serializers.Serializer[None]):
    resolution = serializers.ChoiceField(choices=Conversation.Resolution.choices)


class CorrectSerializer(serializers.Serializer[None]):
    intent = serializers.CharField(max_length=64)
