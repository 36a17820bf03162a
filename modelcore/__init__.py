"""The model factory: fine-tunes, compresses, packages, serves and explains BERT models."""

import os
import sys

# Nothing reports usage. OpenVINO and nncf count a missing consent file as consent, and send nothing
# only when this package can't be imported, which is what None tells Python.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None is how an import is barred
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
