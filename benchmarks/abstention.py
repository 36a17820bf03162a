"""When the bot stays silent, and what its promises are worth: on any data, or the project's own figures.

python -m benchmarks.abstention TRAIN --eval TEST [--out-of-scope FILE] [--text-column C] [--label-column C]
[--seed 0] prints one JSON object as its last line; without arguments BANKING77 is measured over five seeds.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from benchmarks.abstaining import figures, print_result, run_trial
from modelcore.data import read_labelled, read_texts
from modelcore.errors import ModelcoreError


def main() -> None:
    if len(sys.argv) == 1:
        from benchmarks.abstention_banking77 import measure

        measure()
        return
    try:
        print_result(judge(_arguments()))
    except ModelcoreError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def judge(arguments: argparse.Namespace) -> dict[str, Any]:
    """The figures on the caller's files."""
    columns = {"text_column": arguments.text_column, "label_column": arguments.label_column}
    train = read_labelled(arguments.train, **columns)
    test = read_labelled(arguments.eval, **columns, minimum_labels=1)
    outside: tuple[str, ...] = ()
    if arguments.out_of_scope:
        outside = read_texts(arguments.out_of_scope, text_column=arguments.text_column)
    return figures(run_trial(train, test, outside, seed=arguments.seed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.abstention", description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("--eval", type=Path, required=True, help="labelled texts that are asked once")
    parser.add_argument("--out-of-scope", type=Path, help="texts that nobody can answer")
    parser.add_argument("--text-column", default="text")
    parser.add_argument("--label-column", default="label")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
