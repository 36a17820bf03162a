"""Regenerates the message classes beside this file: `python -m apps.serving.wire.generate`.

Runs in an environment with grpcio-tools, which Berth itself doesn't need. The messages get a descriptor
pool of their own: other inference clients define the same package `inference`, and one process may hold both.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
UNCHECKED = "# ruff: noqa\n# mypy: ignore-errors\n# fmt: off\n"


def generate(proto: Path) -> None:
    relative = str(proto.relative_to(ROOT))
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I.", "--python_out=.", "--pyi_out=.", relative]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 (fixed arguments)
    for suffix in (".py", ".pyi"):
        module = proto.with_name(f"{proto.stem}_pb2{suffix}")
        source = module.read_text().replace("_descriptor_pool.Default()", "_descriptor_pool.DescriptorPool()")
        module.write_text(UNCHECKED + source)


if __name__ == "__main__":
    for path in sorted(HERE.glob("*.proto")):
        generate(path)
