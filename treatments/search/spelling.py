"""Puts right what was mistyped, by the words that names and published texts really have.

Asked only when nothing answers to what was typed, and whoever typed it is told.
"""

import re
from collections import Counter
from collections.abc import Iterable

from django.core.cache import cache
from django.db.models import F, Func, QuerySet, TextField
from rapidfuzz import process
from rapidfuzz.distance import OSA

from treatments.models import DatasetRevision

from .folding import WORD, fold, key, words
from .kinds import SEARCHED
from .names import MIN_MISSPELT, Names, misspellings

WEIGHT_OF_NAMES = 1000  # a word of a name is meant rather than a word that only texts have


def corrected(text: str, names: Names) -> str:
    """``text`` with misspelt words put right; empty where no correction is certain enough."""
    typed = WORD.findall(text)
    known = known_words(names)
    changed = {}
    for word, folded in zip(typed, fold(typed), strict=True):
        if all(part in known for part in words(folded)):
            continue
        if named := names.exactly(folded):
            changed[word] = named[0].name
        elif found := nearest_word(key(folded), known):
            changed[word] = found
    return WORD.sub(lambda match: changed.get(match[0], match[0]), text) if changed else ""


def nearest_word(typed: str, known: Counter[str]) -> str:
    """The word that ``typed`` must be; empty where there is none or it could be either of two names.

    One letter may be wrong, missing, extra or swapped, in long words two if they begin alike: with more freedom one
    drug would be taken for another. A digit is never put right: PL-7 is not PL-12.
    """
    if len(typed) < MIN_MISSPELT:
        return ""
    near = [
        (distance, word)
        for word, distance, _ in process.extract(
            typed, list(known), scorer=OSA.distance, score_cutoff=misspellings(typed), limit=None
        )
        if digits(word) == digits(typed) and (distance == 1 or word[0] == typed[0])
    ]
    if not near:
        return ""
    least = min(distance for distance, _ in near)
    nearest = sorted((word for distance, word in near if distance == least), key=lambda word: -known[word])
    of_names = [word for word in nearest if known[word] >= WEIGHT_OF_NAMES]
    return nearest[0] if len(of_names) < 2 else ""


def digits(word: str) -> str:
    return re.sub(r"\D", "", word)


def known_words(names: Names) -> Counter[str]:
    """Every word of names, titles and published texts, folded, with how often it occurs; names count more."""
    revision = DatasetRevision.current().number
    kept: Counter[str] | None = cache.get(f"search-words:{revision}")
    if kept is None:
        kept = Counter(word for text in published_texts() for word in words(text))
        for _, _, _, _, line in names.names:
            for word in words(line):
                kept[word] += WEIGHT_OF_NAMES
        cache.set(f"search-words:{revision}", kept)
    return kept


def published_texts() -> Iterable[str]:
    """The running texts of all public records, folded; one query."""
    first, *others = (texts_of(searched.public(), searched.texts) for searched in SEARCHED.values())
    return first.union(*others, all=True)


def texts_of(rows: QuerySet, columns: tuple[str, ...]) -> QuerySet:
    joined = Func(*map(F, columns), function="treatments_words", output_field=TextField())
    return rows.order_by().values_list(Func(joined, function="treatments_fold", output_field=TextField()), flat=True)
