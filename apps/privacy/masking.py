"""Texts without personal data: by rules, and by the family's champion where names are looked for, too."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from apps.privacy.family import PERSONAL_DATA
from apps.privacy.personal import PersonalTagger
from apps.serving.catalogue import CHAMPION
from apps.serving.errors import Fault, ServingError
from apps.serving.live_model import LiveModel
from apps.serving.loading import live_models
from modelcore.privacy import Tagger, mask_all

logger = logging.getLogger(__name__)

NO_CHAMPION = (Fault.UNKNOWN_VERSION, Fault.UNKNOWN_MODEL)


@dataclass(frozen=True)
class Masker:
    """
    Args:
        version: of Personal data that looks for names; None where rules mask alone.
        has_missed: a version is live and cannot answer now, so that names may have stayed.
        tagger: that version.
    """

    version: int | None = None
    has_missed: bool = False
    tagger: Tagger | None = None

    def mask(self, text: str) -> str:
        return self.mask_all([text])[0]

    def mask_all(self, texts: Sequence[str]) -> list[str]:
        once = [*dict.fromkeys(texts)]
        masked = dict(zip(once, mask_all(once, tagger=self.tagger), strict=True))
        return [masked[text].text for text in texts]


@contextmanager
def masker(*, waits: bool = False) -> Iterator[Masker]:
    """What to mask with now; the version is leased for as long.

    Args:
        waits: for a version that is being loaded; not where a person or a lock waits.
    """
    model, has_missed = _leased(waits)
    if model is None:
        yield Masker(has_missed=has_missed)
        return
    try:
        yield Masker(version=model.release.number, tagger=PersonalTagger(model.predictor))
    finally:
        model.give_back()


@dataclass(frozen=True)
class Search:
    """Which version of Personal data looks for names in this process.

    Args:
        wanted: the champion; None where there is none.
        live: what answers; None where nothing does.
    """

    wanted: int | None = None
    live: int | None = None


def search_for_names() -> Search:
    """As this process knows it, at once."""
    try:
        states = live_models().states()
    except ServingError:  # the registry could not be read yet
        return Search()
    found = [one for one in states if (one.family, one.alias) == (PERSONAL_DATA.name, CHAMPION)]
    return Search(found[0].wanted, found[0].live) if found else Search()


def _leased(waits: bool) -> tuple[LiveModel | None, bool]:
    """The champion, or None and whether there is one that can't answer now."""
    try:
        models = live_models()
        lease = models.lease if waits else models.lease_if_loaded
        model = lease(PERSONAL_DATA.name, None)
    except ServingError as error:
        if error.fault in NO_CHAMPION:
            return None, False
        logger.error("names are not looked for: %s", error.sentence)
        return None, True
    if model is None:
        logger.error("names are not looked for: the version of Personal data is not loaded")
    return model, model is None
