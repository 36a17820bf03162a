"""Few texts a label: the encoder learns by comparing them, then the head by regression."""

from __future__ import annotations

from modelcore.tasks.classification import Classifier
from modelcore.tasks.embedding import Embedder
from modelcore.training.comparing import Comparisons, same_label_loss
from modelcore.training.methods import Texts
from modelcore.training.methods.head import fit_head
from modelcore.training.parameters import prepare_parameters
from modelcore.training.session import Session

TEMPERATURE = 0.1


def learn(name: str, texts: Texts, labels: int, session: Session, held_out: Texts | None) -> Classifier:
    """Train the encoder on which texts share a label, then fit the head on its embeddings.

    Args:
        name: of the run, which its checkpoints are kept under.
        texts: n tokenised texts with targets in [0, labels).
        labels: how many, at least 2.
        session: what the fit's runs share: recipe, backbone, callbacks.
        held_out: not looked at; this method has no patience.

    Returns:
        The classifier.

    Raises:
        Cancelled: the caller wanted to stop.

    Source: Tunstall et al., Efficient Few-Shot Learning Without Prompts (SetFit), 2022, with the loss of
        Khosla et al. over whole batches in the place of single pairs.
    """
    encoder = session.new_encoder()
    embedder = Embedder(encoder)
    prepare_parameters(embedder, session, examples=len(texts.tokens))
    examples = Comparisons(texts.tokens, texts.targets)
    session.train(name, embedder, examples, same_label_loss(temperature=TEMPERATURE))
    model = Classifier(encoder, labels)
    fit_head(model, texts, class_weights=session.recipe.class_weights)
    return model
