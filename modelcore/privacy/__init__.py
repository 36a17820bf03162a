"""Personal data in texts: found and masked, and labelled sentences to learn it from."""

from modelcore.privacy.masking import Masked, labels_in, mask, mask_all
from modelcore.privacy.sentences import LABELS, personal_sentences
from modelcore.privacy.tagged import Tagger

__all__ = ["LABELS", "Masked", "Tagger", "labels_in", "mask", "mask_all", "personal_sentences"]
