import subprocess
import sys

START = """
import django, sys
django.setup()
import apps.project.asgi
import apps.serving.doors.grpc_server
import apps.serving.views
heavy = {"torch", "transformers", "openvino", "onnxruntime", "sklearn"} & set(sys.modules)
sys.exit(f"imported: {heavy}" if heavy else 0)
"""


def test_a_web_process_starts_without_any_runtime() -> None:
    started = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, timeout=120)
    assert started.returncode == 0, started.stderr[-2000:]
