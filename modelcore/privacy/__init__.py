"""Finding personal data in texts: labelled sentences to learn it from."""

from modelcore.privacy.sentences import LABELS, personal_sentences

__all__ = ["LABELS", "personal_sentences"]
