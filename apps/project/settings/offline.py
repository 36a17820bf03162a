"""Nothing asks a model hub or reports to a tracker unless a deployment says so in its environment."""

import os

QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def stay_offline() -> None:
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    # Its key is how a deployment says that curves of runs go there.
    if not os.environ.get("WANDB_API_KEY"):
        os.environ.setdefault("WANDB_MODE", "disabled")
