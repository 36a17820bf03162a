import pytest

from modelcore.data import read_labelled
from modelcore.errors import UnknownEncodingError
from tests.modelcore.data.conftest import Write

ABROAD = [
    ("cp1250", "Chciałbym zwrócić produkt"),
    ("iso-8859-2", "Proszę anulować zamówienie"),
    ("cp1250", "Moje karta byla zablokována, děkuji"),
    ("iso-8859-2", "Kde je můj balík? Čekám už dva týdny"),
    ("cp1250", "Vreau să cumpăr"),
    ("iso-8859-16", "Aș dori să returnez produsul"),
    ("cp1250", "Jó minőség, gyűrött doboz"),
    ("cp1250", "Hűtő"),
    ("cp1250", "Gdje je moj paket? Čekam već dva tjedna"),
    ("cp1254", "Siparişim hâlâ gelmedi"),
    ("iso-8859-9", "Güzel değil"),
    ("cp1257", "Norėčiau grąžinti prekę"),
    ("cp1251", "Где моя посылка?"),
    ("koi8-r", "Нет"),
    ("cp1253", "Πού είναι το δέμα μου;"),
    ("mac-roman", "Schöne Qualität"),
    ("cp850", "Größe passt nicht, völlig unmöglich"),
    ("iso-8859-15", "Ma sœur a le cœur gros"),
]
WESTERN = [
    "Größe passt nicht",
    "Schüler",
    "Très déçu",
    "Où est mon colis ? J'attends depuis déjà deux semaines",
    "¿Puedo pagar contra reembolso?",
    "Años",
    "Amanhã de manhã",
    "Informações",
    "Var är mitt paket? Jag har väntat",
    "Hvornår får jeg pengene tilbage, og hvorfor er køleren ødelagt?",
    "Hyvää päivää",
    "Qualità pessima, perché?",
    "Góð þjónusta, það þarf að gera núna",
    "Mr Müller paid £20 for 3 m² at 30°",
    "„Toll“ – sagte er schließlich",
]


def rows(text: str) -> str:
    return f'text,label\n"{text}",order\nthe card is here,card\n'


@pytest.mark.parametrize(("page", "text"), ABROAD)
def test_a_file_of_another_code_page_is_refused_with_its_name(write: Write, page: str, text: str) -> None:
    # Those of one alphabet have most letters in the same places, so another of them may be named.
    with pytest.raises(UnknownEncodingError, match=r"and looks like \S+: save it as UTF-8"):
        read_labelled(write("a.csv", rows(text).encode(page)))


@pytest.mark.parametrize("text", WESTERN)
def test_a_file_of_western_europe_is_read(write: Write, text: str) -> None:
    assert read_labelled(write("a.csv", rows(text).encode("cp1252"))).texts[0] == text


@pytest.mark.parametrize("page", ["cp1250", "iso-8859-2", "cp1254"])
def test_the_code_page_that_reads_best_is_named(write: Write, page: str) -> None:
    texts = {
        "cp1250": "Źle naliczono rabat\nŚwietna jakość, są już",
        "iso-8859-2": "Źle naliczono rabat\nŚwietna jakość, są już",
        "cp1254": "Şifremin süresi doldu\nÇok güzel, teşekkürler",
    }
    with pytest.raises(UnknownEncodingError, match=f"looks like {page}:"):
        read_labelled(write("a.csv", rows(texts[page].replace("\n", '",x\n"')).encode(page)))


def test_a_language_among_another_ones_rows_is_noticed(write: Write) -> None:
    german = "".join(f"Das Gerät läuft großartig seit {day} Tagen,lob\n" for day in range(300))
    polish = "".join(f"Proszę anulować {number} zamówień,order\n" for number in range(40))
    with pytest.raises(UnknownEncodingError, match="looks like"):
        read_labelled(write("a.csv", f"text,label\n{german}{polish}".encode("cp1250")))


def test_bytes_that_western_europe_does_not_use_are_no_latin_1(write: Write) -> None:
    with pytest.raises(UnknownEncodingError, match="not UTF-8"):
        read_labelled(write("a.csv", rows("Das ist schön \x81").encode("latin-1")))
