"""What a user would write without Berth: transformers' Trainer as it comes, on the same data."""

import tempfile
import time
from typing import Any

from modelcore.backbones import resolve
from modelcore.data import LabelledTexts


def examples_per_second(rows: LabelledTexts, *, steps: int, batch_size: int = 64, seed: int = 0) -> float:
    """Train in fp32, padding each random batch to its longest text, and time all steps but the first two."""
    import torch
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
    )

    torch.manual_seed(seed)
    path = resolve("minilm").path
    names = sorted(set(rows.labels))
    tokenizer = AutoTokenizer.from_pretrained(path)
    encoded = tokenizer(list(rows.texts), truncation=True, max_length=128)
    examples: Any = [
        {"input_ids": ids, "attention_mask": mask, "labels": names.index(label)}
        for ids, mask, label in zip(encoded["input_ids"], encoded["attention_mask"], rows.labels, strict=True)
    ]
    model = AutoModelForSequenceClassification.from_pretrained(path, num_labels=len(names))
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            per_device_train_batch_size=batch_size,
            max_steps=steps + 2,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            disable_tqdm=True,
            logging_strategy="no",
        )
        clock = _clock_after(2)
        trainer = Trainer(
            model,
            arguments,
            data_collator=DataCollatorWithPadding(tokenizer),
            train_dataset=examples,
            callbacks=[clock],
        )
        trainer.train()
    return float(steps * batch_size / (time.perf_counter() - clock.started_at))


def _clock_after(steps: int) -> Any:
    from transformers import TrainerCallback

    class Clock(TrainerCallback):
        started_at = 0.0

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.global_step == steps:
                self.started_at = time.perf_counter()

    return Clock()
