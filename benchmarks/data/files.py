"""The shared data sets."""

import os
from pathlib import Path

from modelcore.data import LabelledTexts, read_labelled

DATA = Path(os.environ.get("BERTH_DATA", Path(__file__).parents[3] / "shared" / "data"))


def data_file(*parts: str) -> Path:
    """A file of the shared data sets; BERTH_DATA names another folder."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        raise SystemExit(f"{path.name} is not in {DATA}: set BERTH_DATA to the folder of the data sets.")
    return path


def banking77() -> tuple[LabelledTexts, LabelledTexts]:
    """The 10,003 training questions and the 3,080 test questions."""
    train = read_labelled(data_file("banking77", "train.csv"), label_column="category")
    return train, read_labelled(data_file("banking77", "test.csv"), label_column="category")
