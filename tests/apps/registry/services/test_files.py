from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connections, transaction

from apps.registry import content, store
from apps.registry.families import Family
from apps.registry.models import Dataset
from apps.registry.services.erasure import erase_rows
from apps.registry.services.files import put_file, remove_remains
from tests.apps.registry.factories import NOW, make_dataset, rows


def removing() -> int:
    try:
        return remove_remains()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_comes_in_again_while_it_is_removed_stays(family: Family) -> None:
    dataset = make_dataset(family)
    erase_rows(family=family.name, is_erased=lambda text: text == "my card 3", at=NOW)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            stored = put_file(store.DATASET_ROWS, content.to_bytes(rows()))
            removed = pool.submit(removing)
            wait([removed], timeout=0.5)
            Dataset.objects.filter(pk=dataset.pk).update(content=stored)
        removed.result(10)

    assert content.rows_in(Dataset.objects.get(pk=dataset.pk)) == rows()
