"""`python -m modelcore`, by itself or as the processes of torchrun, of which the first speaks for all."""

import io
import os
import sys
import time
from contextlib import redirect_stderr, redirect_stdout

from modelcore.cli import main

PATIENCE_SECONDS = 30.0


def run_silently() -> None:
    """Run without a word, unless this process alone fails.

    What one can't do, such as read the data, the first mostly can't either: it says why, and torchrun ends
    this one while it waits.
    """
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            main()
    except (Exception, SystemExit) as fault:
        if not isinstance(fault, SystemExit) or fault.code:
            time.sleep(PATIENCE_SECONDS)
            sys.stderr.write(said.getvalue())
        raise


if os.environ.get("RANK", "0") == "0":
    main()
else:
    run_silently()
