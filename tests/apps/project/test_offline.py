import os

import pytest

from apps.project.settings.offline import stay_offline


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "HF_HUB_OFFLINE",
        "TRANSFORMERS_OFFLINE",
        "TOKENIZERS_PARALLELISM",
        "WANDB_MODE",
        "WANDB_API_KEY",
    ):
        # Set first, so that what the call leaves behind is taken away afterwards.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_nobody_is_asked_or_told_anything() -> None:
    stay_offline()

    assert (os.environ["HF_HUB_OFFLINE"], os.environ["WANDB_MODE"]) == ("1", "disabled")


def test_a_key_of_weights_and_biases_is_enough_to_report_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_API_KEY", "a key")

    stay_offline()

    assert "WANDB_MODE" not in os.environ


def test_a_deployment_may_ask_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")

    stay_offline()

    assert os.environ["HF_HUB_OFFLINE"] == "0"
