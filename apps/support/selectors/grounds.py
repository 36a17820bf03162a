"""What decisions stand on, read at one moment: templates, certificates, and the indexes of these."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.registry.models import Alias, AliasName
from apps.support.engine.scoring import REVISION, Scoring
from apps.support.family_name import FAMILY
from apps.support.models import Certificate, Encoder, KnowledgeIndex
from apps.support.selectors.knowledge import Answers, read_answers
from apps.support.selectors.policy import current_policy


@dataclass(frozen=True)
class Certified:
    """A certificate as the answering needs it; without a threshold the version may not answer."""

    certificate_id: int
    threshold: float | None
    scoring: Scoring
    knowledge_digest: str


@dataclass(frozen=True)
class StoredIndex:
    """Where an index lies, and the embedding artifact that its vectors are of."""

    content: str
    encoder: str


@dataclass(frozen=True)
class Grounds:
    """
    Args:
        answers: the templates and their placeholders.
        versions: the rows of the versions that an alias names, by their number.
        certified: by the number of the version, for the wanted precision.
        indexes: by digest of the knowledge, those of the certificates.
    """

    answers: Answers
    versions: Mapping[int, int]
    certified: Mapping[int, Certified]
    indexes: Mapping[str, StoredIndex]


def read_grounds() -> Grounds:
    aliased = Alias.objects.filter(family=FAMILY, version__isnull=False)
    versions = dict(aliased.values_list("version__number", "version_id"))
    newest = newest_certificates().filter(
        version__in=versions.values(), target=current_policy().target_precision
    )
    certified = {
        number: Certified(pk, threshold, Scoring.from_json(scoring), digest)
        for number, pk, threshold, scoring, digest in newest.values_list(
            "version__number", "pk", "threshold", "scoring", "knowledge_digest"
        )
    }
    wanted = {one.knowledge_digest for one in certified.values()}
    stored = KnowledgeIndex.objects.filter(knowledge_digest__in=wanted).order_by("encoder_id")
    indexes = {
        digest: StoredIndex(content, encoder)
        for digest, content, encoder in stored.values_list("knowledge_digest", "content", "encoder__digest")
    }
    return Grounds(read_answers(), versions, certified, indexes)


def valid_certificates() -> QuerySet[Certificate]:
    """Those whose confidences are scored as they are today."""
    return Certificate.objects.filter(scoring_revision=REVISION)


def newest_certificates() -> QuerySet[Certificate]:
    """What stands of each version for each target: those on knowledge of before are history. The last
    version first."""
    return (
        valid_certificates()
        .order_by("-version__number", "target", "-made_at", "-pk")
        .distinct("version__number", "target")
    )


def awaits_certificates() -> bool:
    """Whether some version answers customers by its alias and nobody has judged it yet."""
    champion = Alias.objects.filter(family=FAMILY, name=AliasName.CHAMPION, version__isnull=False)
    return champion.exclude(version__in=valid_certificates().values("version")).exists()


def newest_encoder() -> Encoder | None:
    return Encoder.objects.first()
