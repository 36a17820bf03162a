from apps.support.models.conversations import Conversation, Draft, Message, Note, Tag
from apps.support.models.decisions import Certificate, Decision, HandOver
from apps.support.models.erasures import Erasure
from apps.support.models.imports import KnowledgeImport
from apps.support.models.indexes import Encoder, KnowledgeIndex, NearDuplicate
from apps.support.models.knowledge import (
    AnswerTemplate,
    Article,
    CannedReply,
    Example,
    Intent,
    Placeholder,
)
from apps.support.models.people import AgentProfile, Visitor
from apps.support.models.policy import Policy
from apps.support.models.remaskings import Remasking
from apps.support.models.suggestions import AnswerSuggestion, IntentSuggestion, SuggestionRound
from apps.support.models.teaching import Lesson, ShadowAnswer

__all__ = [
    "AgentProfile",
    "AnswerSuggestion",
    "AnswerTemplate",
    "Article",
    "CannedReply",
    "Certificate",
    "Conversation",
    "Decision",
    "Draft",
    "Encoder",
    "Erasure",
    "Example",
    "HandOver",
    "Intent",
    "IntentSuggestion",
    "KnowledgeImport",
    "KnowledgeIndex",
    "Lesson",
    "Message",
    "NearDuplicate",
    "Note",
    "Placeholder",
    "Policy",
    "Remasking",
    "ShadowAnswer",
    "SuggestionRound",
    "Tag",
    "Visitor",
]
