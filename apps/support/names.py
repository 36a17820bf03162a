"""What programs call things, in words for people; a name that is not known here is shown as it is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Codes of engine.decision.Reason, and of what else brings a conversation to the queue.
REASONS: dict[str, str | Promise] = {
    "certified": _("sure enough, and the nearest questions agree"),
    "greeting": _("a greeting"),
    "thanks": _("thanks"),
    "goodbye": _("a goodbye"),
    "slot_missing": _("asked for what the answer needs"),
    "wants_person": _("the customer asked for a person"),
    "not_confident": _("not sure enough"),
    "no_agreement": _("the model and the nearest questions disagree"),
    "unknown_topic": _("nothing known lies near"),
    "not_certified": _("not certified yet: a worker still measures how sure it has to be"),
    "no_certificate": _("too little calibration data to answer on"),
    "no_template": _("no answer has been written yet"),
    "value_missing": _("a value that the answer needs is nowhere to be found"),
    "no_model": _("no model is live"),
    "failed": _("the bot failed at this message; the log says why"),
    "too_long": _("the message is too long"),
    "empty": _("the message has no words"),
    "asked_again": _("the customer asks the same again"),
    "hold_out": _("drawn for people, to measure what the bot brings"),
    "negated": _("the customer may want the opposite"),
    "part_unanswered": _("one of several questions has no answer"),
    "returned": _("an agent gave it back"),
    "agent_away": _("the agent who had it is away"),
    "reopened": _("the customer wrote again after it was resolved"),
    "not_solved": _("the customer says that it is not solved"),
    "offline_form": _("written while nobody was there"),
}


def reason(code: str) -> str:
    return str(REASONS.get(code, code.replace("_", " ")))
