from apps.registry import families
from apps.sentiment.family import SENTIMENT_POLARITY, build_snapshot


def test_the_family_is_registered() -> None:
    assert families.get(SENTIMENT_POLARITY.name) is SENTIMENT_POLARITY


def test_the_samples_have_three_polarities() -> None:
    data = build_snapshot().data

    assert len(data.rows) >= 600
    assert set(data.labels) == {"negative", "neutral", "positive"}  # type: ignore[union-attr]  # labelled texts
