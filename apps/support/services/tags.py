from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.support.errors import SupportError
from apps.support.models import Conversation, Tag
from apps.support.services.conversations import lock_conversation, tell_agents, tell_desk
from modelcore.privacy import mask


class TagError(SupportError):
    code = "bad_tag"


@transaction.atomic
def tag_conversation(*, conversation: Conversation, name: str) -> Tag:
    slug = slugify(name, allow_unicode=True)
    if not slug or len(slug) > 40:
        raise TagError(_("A tag has 1 to 40 letters, digits, hyphens and underscores."))
    if mask(name).text != name or mask(slug).text != slug:
        raise TagError(_("A tag is read by everybody: leave personal data out of it."))
    held = lock_conversation(conversation.pk)
    tag, _is_new = Tag.objects.get_or_create(name=slug)
    held.tags.add(tag)
    _tell(held, tag)
    return tag


@transaction.atomic
def untag_conversation(*, conversation: Conversation, tag: Tag) -> None:
    held = lock_conversation(conversation.pk)
    held.tags.remove(tag)
    _tell(held, tag)


def _tell(held: Conversation, tag: Tag) -> None:
    tell_agents(held, "tag", {"tag": tag.pk})
    tell_desk(held)
