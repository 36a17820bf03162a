"""Personal data in texts: found and masked, and labelled sentences to learn it from."""

from modelcore.privacy.masking import Masked, mask
from modelcore.privacy.sentences import LABELS, personal_sentences

__all__ = ["LABELS", "Masked", "mask", "personal_sentences"]
