"""Puts right what was mistyped, by the words that names and published texts really have.

Asked only when nothing answers to what was typed, and whoever typed it is told.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import F, Func, QuerySet, TextField
from rapidfuzz import process
from rapidfuzz.distance import OSA

from treatments.models import DatasetRevision

from .folding import WORD, fold
from .kinds import SEARCHED
from .names import MIN_MISSPELT, Names, misspellings

WEIGHT_OF_NAMES = 1000  # a word of a name is meant rather than a word that only texts have


@dataclass(frozen=True, slots=True)
class Correction:
    """``text`` with misspelt words put right; not ``certain`` where it must be asked about first."""

    text: str
    certain: bool


def corrected(text: str, names: Names) -> Correction | None:
    """``text`` with the words put right that nothing is called and no text holds; None where there are none."""
    typed = WORD.findall(text)
    known = known_words(names)
    changed: dict[str, str] = {}
    certain = True
    for word, folded in zip(typed, fold(typed), strict=True):
        if all(part in known for part in WORD.findall(folded)):
            continue
        if named := names.exactly(folded):
            changed[word] = named[0].name
        elif found := nearest_word("".join(WORD.findall(folded)), known):
            changed[word] = found.text
            certain = certain and found.certain
    return Correction(WORD.sub(lambda match: changed.get(match[0], match[0]), text), certain) if changed else None


def nearest_word(typed: str, known: Counter[str]) -> Correction | None:
    """The word that ``typed`` may stand for: one letter is wrong, missing, extra or swapped, in long words two.

    It is certain only if it is part of a name and one letter away: hypotension is not hypertension, and cycloserine is
    not cyclosporine. The first letter is always right (amyopathic is not myopathic), and digits are: PL-7 is not PL-12.
    """
    if len(typed) <= MIN_MISSPELT:
        return None
    near = [
        (distance, word)
        for word, distance, _ in process.extract(
            typed, list(known), scorer=OSA.distance, score_cutoff=misspellings(typed), limit=None
        )
        if digits(word) == digits(typed) and word[0] == typed[0]
    ]
    if not near:
        return None
    least = min(distance for distance, _ in near)
    nearest = sorted((word for distance, word in near if distance == least), key=lambda word: (-known[word], word))
    of_names = [word for word in nearest if known[word] >= WEIGHT_OF_NAMES]
    return Correction(nearest[0], certain=least == 1 and len(of_names) == 1)


def digits(word: str) -> str:
    return re.sub(r"\D", "", word)


def known_words(names: Names) -> Counter[str]:
    """Every word of names, titles and published texts, folded, with how often it occurs; names count more."""
    place = f"search-words:{DatasetRevision.current().state}"
    kept: Counter[str] | None = cache.get(place)
    if kept is None:
        kept = Counter(word for text in published_texts() for word in WORD.findall(text))
        for text in fold([name[1] for name in names.names]):
            for word in WORD.findall(text):
                kept[word] += WEIGHT_OF_NAMES
        cache.set(place, kept)
    return kept


def published_texts() -> Iterable[str]:
    """The running texts of all public records, folded; one query."""
    first, *others = (texts_of(searched.public(), searched.texts) for searched in SEARCHED.values())
    return first.union(*others, all=True)


def texts_of(rows: QuerySet, columns: tuple[str, ...]) -> QuerySet:
    joined = Func(*map(F, columns), function="treatments_words", output_field=TextField())
    return rows.order_by().values_list(Func(joined, function="treatments_fold", output_field=TextField()), flat=True)
