"""Going on with an encoder's pre-training on a domain's own unlabelled text."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelcore.artifacts.writing import new_directory
from modelcore.backbones import resolve
from modelcore.data import normalise
from modelcore.errors import InputError
from modelcore.training.checkpoints import kept_folder, same_threads
from modelcore.training.fit import CHECKPOINT_SECONDS
from modelcore.training.progress import Progress, Watcher
from modelcore.training.recipe import Recipe

HELD_OUT_TEXTS = 150
HEAD_EPOCHS = 1
FEWEST_TEXTS = 20
MASKS = ("[MASK]", "<mask>")  # as BERT and RoBERTa call it
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")  # also where a tokenizer doesn't mark them as such


@dataclass(frozen=True)
class PretrainResult:
    """A folder that `backbones.resolve` takes, and the held-out pseudo-perplexity before and after."""

    backbone: Path
    perplexity_before: float
    perplexity_after: float
    held_out_texts: int


def pretrain(  # noqa: PLR0913 - the contract of a fit: data, recipe, places and callbacks
    texts: Sequence[str],
    recipe: Recipe,
    out: Path,
    *,
    work: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> PretrainResult:
    """Train a backbone on in-domain text by masked language modelling.

    An encoder without a language-modelling head first gets one, tied to its word embeddings, while the
    encoder itself stays; the perplexity before is measured after that, so that the gain is the encoder's.

    Args:
        texts: unlabelled, ≥ FEWEST_TEXTS different ones, whatever their case and punctuation; some are held
            out for the perplexity, and none like these is learned.
        recipe: backbone, seed, epochs (3 when None), learning rate (2e-4), batch size (32), max_tokens.
        out: the folder to make; it is there whole or not at all.
        work: keeps checkpoints; a run of the same recipe and texts goes on from the last one and ends as an
            undisturbed one. None keeps none.
        on_progress: called with each Progress.
        should_stop: asked at each step.
        checkpoint_seconds: at least so long between two checkpoints, and so long that writing them takes a
            twentieth of the time at most; 0 writes one at every log.
    Raises:
        InputError: too few texts, `out` holds something, or the backbone's tokenizer has no mask.
        Cancelled: `should_stop` said so.
        CheckpointNotWritten: the disk of `work` is full; run again, it goes on from the checkpoint before.
        ArtifactNotWritten: the disk is full or another fault of the system; nothing is left at `out`.
    Source: Gururangan et al., Don't Stop Pretraining, 2020.
    """
    different = sorted(set(texts))
    count = len(set(map(normalise, different)))
    if count < FEWEST_TEXTS:
        raise InputError(
            "{texts} different texts are too few to pre-train on: give at least {fewest}.",
            texts=count,
            fewest=FEWEST_TEXTS,
        )
    if out.exists() and not out.is_dir():
        raise InputError('"{out}" is a file: give a new folder.', out=out)
    if out.exists() and any(out.iterdir()):
        raise InputError('The folder "{out}" already holds something: give another one.', out=out)
    from modelcore.training.session import Session

    watcher = Watcher(on_progress, should_stop)
    settings = {"epochs": 3, "learning_rate": 2e-4, "batch_size": 32, "dropout": 0.0}
    opened: dict[str, Any] = {
        name: value for name, value in settings.items() if getattr(recipe, name) is None
    }
    complete = dataclasses.replace(recipe, method="full", **opened)
    backbone = resolve(recipe.backbone)
    identity: dict[str, object] = {
        "recipe": complete.to_json(),
        "backbone": backbone.digest,
        "texts": hashlib.sha256(json.dumps(different).encode()).hexdigest(),
    }
    with kept_folder(work, identity) as folder, same_threads(folder):
        session = Session(complete, backbone, folder, watcher, checkpoint_seconds if work else None)
        return _pretrain(different, session, out)


def _pretrain(texts: list[str], session: Any, out: Path) -> PretrainResult:
    import numpy as np

    from modelcore.training.masking import Masked, MaskedModel, pseudo_perplexity

    mask, vocabulary, special = _pieces(session.backbone.path)
    ids = session.tokenise(texts).ids
    keys = [normalise(text) for text in texts]
    order = np.random.default_rng(session.recipe.seed).permutation(len(ids))
    places: dict[str, int] = {}
    for place in order:
        places.setdefault(keys[place], place)
    kept = min(HELD_OUT_TEXTS, len(places) // 5)
    # What differs from a held-out text in case or punctuation alone would tell it.
    held_keys = set(list(places)[:kept])
    held_out = [ids[places[key]] for key in places if key in held_keys]
    examples = Masked(
        [ids[place] for place in order if keys[place] not in held_keys],
        mask=mask,
        vocabulary=vocabulary,
        special=special,
        seed=session.recipe.seed,
    )
    model = MaskedModel(session.new_encoder())
    model.encoder.requires_grad_(False)
    head = dataclasses.replace(
        session,
        recipe=dataclasses.replace(session.recipe, epochs=HEAD_EPOCHS, learning_rate=1e-3),
        later_steps=session.steps(len(examples)),
    )
    head.train("head", model, examples, model.loss)
    before = pseudo_perplexity(model, held_out, mask=mask, special=special)
    session.watcher.say(
        "evaluate",
        "The pseudo-perplexity on {texts} held-out texts is {perplexity:.1f} before.",
        texts=kept,
        perplexity=before,
    )
    model.requires_grad_(True)
    session.train("encoder", model, examples, model.loss)
    after = pseudo_perplexity(model, held_out, mask=mask, special=special)
    session.watcher.say(
        "evaluate",
        "The pseudo-perplexity on {texts} held-out texts is {perplexity:.1f} after.",
        texts=kept,
        perplexity=after,
    )
    with new_directory(out) as folder:
        model.encoder.save_pretrained(folder)
        shutil.copyfile(session.backbone.path / "tokenizer.json", folder / "tokenizer.json")
    return PretrainResult(out, before, after, kept)


def _pieces(folder: Path) -> tuple[int, int, set[int]]:
    """Number of the mask, size of the vocabulary, numbers of all special pieces."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    masks = [number for number in map(tokenizer.token_to_id, MASKS) if number is not None]
    if not masks:
        raise InputError(
            'The tokenizer in "{folder}" has none of {masks}: pre-train a BERT, RoBERTa or the like.',
            folder=folder,
            masks=", ".join(MASKS),
        )
    named = [number for number in map(tokenizer.token_to_id, SPECIAL) if number is not None]
    added = tokenizer.get_added_tokens_decoder().items()
    special = {*masks, *named, *(number for number, piece in added if piece.special)}
    return masks[0], tokenizer.get_vocab_size(), special
