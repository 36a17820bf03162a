"""What tells a language: a model of which letters stand together, and which beyond ASCII it has."""

import functools
from typing import Any

_CYRILLIC = "".join(map(chr, range(0x400, 0x460))) + "Ґґ"
# Those of words that are borrowed often as well; of languages whose texts may be in a code page of Europe.
_LETTERS = {
    "af": "áâäèéêëíîïóôöúûü",
    "an": "áéíñóúü¿¡",
    "az": "çöüİğışə",
    "br": "âêîñôùûü",
    "bs": "ćčđšž",
    "ca": "àçèéíïòóúü¿¡",
    "cs": "áéíóúýčďěňřšťůž",
    "cy": "áâäéêëìîïòóôöùûŵŷ",
    "da": "äåæèéöøü",
    "de": "àäéèßöü",
    "el": "".join(map(chr, range(0x386, 0x3CF))),
    "en": "àáâäåæçèéêëíïñóôöøúüœ",
    "es": "áéíñóúü¿¡",
    "et": "äõöüšž",
    "eu": "çñü",
    "fi": "äåöšž",
    "fo": "áæíðóøúý",
    "fr": "àâæçèéêëîïôùûüÿœ",
    "fy": "âäéêëïôöúûü",
    "ga": "áéíóú",
    "gd": "àèìòù",
    "gl": "áçéíïñóúü¿¡",
    "hr": "ćčđšž",
    "hu": "áäéíóöúüőű",
    "ht": "àèòô",
    "id": "é",
    "is": "áæéíðóöúýþ",
    "it": "àèéìîòóù",
    "ku": "çêîşû",
    "lb": "âäçèéêëîïôöûü",
    "lt": "ąčėęįšųūž",
    "lv": "āčēģīķļņōŗšūž",
    "ms": "é",
    "nb": "äåæèéêòóôöøü",
    "nl": "àáâäçèéêëíïñóöúûü",
    "nn": "äåæèéêòóôöøü",
    "no": "äåæèéêòóôöøü",
    "mt": "àèìòùċġħż",
    "oc": "àáçèéíïòóúü",
    "pl": "éóąćęłńśźż",
    "pt": "àáâãçéêíóôõúü",
    "ro": "âîăşţșț",
    "sk": "áäéíóôúýčďĺľňŕšťž",
    "sl": "ćčđšž",
    "sq": "çë",
    "sr": "ćčđšž" + _CYRILLIC,
    "sv": "àäåéèöü",
    "tl": "ñ",
    "tr": "âçîöûüİğış",
    "wa": "åâçèéêîôû",
    **dict.fromkeys(("be", "bg", "mk", "ru", "uk"), _CYRILLIC),
}
ALPHABETS = {language: frozenset(letters + letters.upper()) for language, letters in _LETTERS.items()}


@functools.cache
def identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
