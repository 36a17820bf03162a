"""From which confidence on each version may answer: made anew with each version and change of knowledge."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Count, Q, When

from apps.registry.families import THREADS
from apps.registry.models import Version
from apps.serving.errors import ServingError
from apps.serving.loading import live_models
from apps.support.engine.certifying import certify
from apps.support.engine.decision import TARGETS
from apps.support.engine.nearest import Nearest
from apps.support.engine.scoring import REVISION, Scoring
from apps.support.family_name import FAMILY
from apps.support.models import Certificate, KnowledgeIndex
from apps.support.selectors.grounds import newest_certificates, newest_encoder, valid_certificates
from apps.support.selectors.knowledge import calibration_questions
from apps.support.services.duplicates import compare_examples
from apps.support.services.encoders import open_encoder
from apps.support.services.indexes import let_go_of_all_but, make_index, open_index
from apps.support.services.understanding import gather_evidence
from modelcore.data import LabelledTexts
from modelcore.sentence import Sentence
from modelcore.vectors import Entry

logger = logging.getLogger(__name__)

NEWEST = 20
AT_ONCE = 3  # each is loaded and answers all that is held out, while lessons wait; it is soon asked again
NOTHING_HELD_OUT = Sentence("There are no held-out questions to certify on.")


def certify_wanted_versions(*, entries: Sequence[Entry], at: datetime) -> list[Certificate]:
    """Certificates for each version that an alias names, on these examples; others get them once. Of a few
    versions at a time.

    Nothing happens before there is an encoder. What of the knowledge says nearly the same is looked for last.
    """
    encoder = newest_encoder()
    if encoder is None:
        return []
    opened = open_encoder(encoder.digest, threads=THREADS)
    index = make_index(entries=entries, encoder=encoder, embed=opened.predictor.embed, at=at)
    questions = calibration_questions()
    made: list[Certificate] = []
    if versions := wanted_versions(index, questions):
        nearest = Nearest(opened.predictor.embed, open_index(index.content))
        for version in versions:
            try:
                made += certify_version(
                    version=version,
                    questions=questions,
                    nearest=nearest,
                    knowledge_digest=index.knowledge_digest,
                    at=at,
                )
            except ServingError as error:
                logger.error("%s can't be certified: %s", version, error.sentence)
            if len(made) >= AT_ONCE * len(TARGETS):
                break
    compare_examples(index=index, at=at)
    let_go_of_all_but(digests={index.knowledge_digest, *_judged_on()}, at=at)
    return made


def _judged_on() -> set[str]:
    """The knowledge of the last certificate of each version that may answer or come to."""
    standing = newest_certificates().filter(version__archived_at=None)
    return set(standing.values_list("knowledge_digest", flat=True))


def wanted_versions(index: KnowledgeIndex, questions: LabelledTexts) -> list[Version]:
    """Those that an alias names first. Of others the newest: an older one is judged when an alias names it,
    and not all that ever were whenever confidences are scored in another way."""
    versions = Version.objects.filter(family=FAMILY)
    current = valid_certificates().filter(
        knowledge_digest=index.knowledge_digest, calibration_digest=questions.digest
    )
    is_stale = Q(aliases__isnull=False) & ~Q(pk__in=current.values("version"))
    newest = versions.filter(archived_at__isnull=True).order_by("-number")[:NEWEST]
    is_new = Q(pk__in=newest.values("pk")) & ~Q(pk__in=valid_certificates().values("version"))
    wanted = versions.filter(is_stale | is_new).alias(names=Count("aliases"))
    return list(wanted.order_by(Case(When(names=0, then=1), default=0), "-number"))


def certify_version(
    *,
    version: Version,
    questions: LabelledTexts,
    nearest: Nearest,
    knowledge_digest: str,
    at: datetime,
) -> list[Certificate]:
    """A certificate for each target, or why there is none.

    Raises:
        ServingError: the version can't be loaded.
    """
    rows = (
        _judged(version, questions, nearest)
        if len(questions.texts)
        else [
            {"target": target, "examples": 0, "reason": NOTHING_HELD_OUT, "scoring": Scoring().to_json()}
            for target in TARGETS
        ]
    )
    with transaction.atomic():
        return Certificate.objects.bulk_create(
            [
                Certificate(
                    version=version,
                    calibration_digest=questions.digest,
                    knowledge_digest=knowledge_digest,
                    scoring_revision=REVISION,
                    made_at=at,
                    **row,
                )
                for row in rows
            ],
            ignore_conflicts=True,
        )


def _judged(version: Version, questions: LabelledTexts, nearest: Nearest) -> list[dict[str, object]]:
    with live_models().leased(FAMILY, str(version.number)) as model:
        evidence = gather_evidence(questions.texts, model, nearest)
    certified = certify(evidence, questions.labels, nearest.neighbourhood(), targets=TARGETS)
    return [
        {
            "target": one.target,
            "threshold": one.threshold,
            "examples": one.examples,
            "answered": one.answered,
            "errors": one.errors,
            "precision_at_least": one.precision_at_least,
            "reason": one.reason,
            "scoring": certified.scoring.to_json(),
        }
        for one in certified.certificates
    ]
