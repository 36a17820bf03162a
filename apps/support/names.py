"""What programs call things, in words for people; a name that is not known here is shown as it is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.support.engine.decision import Reason

REASONS: dict[str, str | Promise] = {
    Reason.CERTIFIED: _("sure enough, and the nearest questions agree"),
    Reason.GREETING: _("a greeting"),
    Reason.THANKS: _("thanks"),
    Reason.GOODBYE: _("a goodbye"),
    Reason.IDENTITY: _("the customer asks who answers"),
    Reason.MOMENT: _("the customer looks for what was asked"),
    Reason.SLOT_MISSING: _("the answer needs what the customer has not said"),
    Reason.WANTS_PERSON: _("the customer asked for a person"),
    Reason.NOT_CONFIDENT: _("not sure enough"),
    Reason.NO_AGREEMENT: _("the model and the nearest questions disagree"),
    Reason.UNKNOWN_TOPIC: _("nothing known lies near"),
    Reason.NOT_CERTIFIED: _("not certified yet: a worker still measures how sure it has to be"),
    Reason.NO_CERTIFICATE: _("too little calibration data to answer on"),
    Reason.NO_TEMPLATE: _("no answer has been written yet"),
    Reason.MASKED_ANSWER: _("the answer holds a mask, such as [PHONE_NUMBER]"),
    Reason.VALUE_MISSING: _("a value that the answer needs is nowhere to be found"),
    Reason.NO_MODEL: _("no model is live"),
    Reason.FAILED: _("the bot failed at this message; the log says why"),
    Reason.TOO_LONG: _("the message is too long"),
    Reason.EMPTY: _("the message has no words"),
    Reason.ASKED_AGAIN: _("the customer asks the same again"),
    Reason.HOLD_OUT: _("drawn for people, to measure what the bot brings"),
    Reason.NEGATED: _("the customer may want the opposite"),
    Reason.PART_UNANSWERED: _("one of several questions has no answer"),
    Reason.RETURNED: _("an agent gave it back"),
    Reason.AGENT_AWAY: _("the agent who had it is away"),
    Reason.REOPENED: _("the customer wrote again after it was resolved"),
    Reason.NOT_SOLVED: _("the customer says that it is not solved"),
    Reason.OFFLINE_FORM: _("written while nobody was there"),
    Reason.TAKEN: _("an agent took it over"),
    Reason.JOINED: _("goes on with what people had in an older conversation"),
}


def reason(code: str) -> str:
    return str(REASONS.get(code, code.replace("_", " ")))
