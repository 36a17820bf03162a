from pathlib import Path

import pytest

from modelcore.errors import InputError
from modelcore.privacy.template_file import Slot, read_templates

KNOWN = frozenset({"PERSON", "GPE", "price"})


def write(folder: Path, *lines: str) -> Path:
    path = folder / "en.txt"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_pieces_and_slots_in_order(tmp_path: Path) -> None:
    path = write(tmp_path, "# greetings", "", r"Hi {PERSON},\nthat is {price}.")

    (template,) = read_templates(path, known=KNOWN)

    assert template.line == 3
    assert template.pieces == ("Hi ", Slot("PERSON"), ",\nthat is ", Slot("price"), ".")
    assert template.slots == ("PERSON", "price")


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["Fine.", "Hi {NAME}"], "Row 2 has the unknown slot {NAME}"),
        (["Hi {PERSON"], "Row 1 has a brace without its partner"),
        (["Hi PERSON}"], "Row 1 has a brace without its partner"),
        (["Hi {PERSON}", "", "Hi {PERSON}"], "Row 3 repeats the template of row 1"),
        (["# nothing else"], "en.txt holds no templates"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, lines: list[str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence.replace("{", r"\{").replace("}", r"\}")):
        read_templates(write(tmp_path, *lines), known=KNOWN)
