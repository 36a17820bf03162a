"""Nothing asks a model hub or reports to a tracker unless a deployment says so in its environment."""

import os

QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "WANDB_MODE": "disabled",
    "TOKENIZERS_PARALLELISM": "false",
}


def stay_offline() -> None:
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
