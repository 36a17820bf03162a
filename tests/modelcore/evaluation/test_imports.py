import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "sklearn", "scipy", "ftfy", "py3langid", "django")


@pytest.mark.parametrize("package", ["modelcore.data", "modelcore.evaluation"])
def test_the_package_starts_without_heavy_libraries(package: str) -> None:
    code = f"import sys, {package}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
