from apps.recommend.family import RECOMMEND_ENCODER, build_snapshot
from apps.registry import families


def test_the_family_is_registered() -> None:
    assert families.get(RECOMMEND_ENCODER.name) is RECOMMEND_ENCODER


def test_every_product_is_a_pair_of_title_and_description() -> None:
    data = build_snapshot().data

    assert len(data.rows) >= 300
    assert all(data.anchors)  # type: ignore[union-attr]  # pairs
