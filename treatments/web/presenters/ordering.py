"""The orders a list can have, in the words of somebody who looks for something."""

from dataclasses import replace

from treatments.filtering import StrictFilterSet

from .filters import Facet, Option, facet

# Each key upwards and downwards. What is not known comes last either way.
IN_WORDS = {
    "level": ("Best level first", "Weakest level first"),
    "certainty": ("Most certain first", "Least certain first"),
    "rank": ("Strongest first", "Weakest first"),
    "year": ("Oldest first", "Newest first"),
    "published": ("First published here", "Last published here"),
    "n_treated": ("Fewest treated first", "Most treated first"),
    "enrollment": ("Smallest first", "Largest first"),
    "frequency": ("Least frequent first", "Most frequent first"),
    "phase": ("Earliest phase first", "Latest phase first"),
}
STANDARD = Option("", "Standard order", chosen=False)


def order(filterset: StrictFilterSet) -> Facet:
    """The control for the order of a list; an order of several keys, which only an address can hold, is kept."""
    control = facet(filterset, "ordering")
    asked = filterset.data.get("ordering", "")
    options = [STANDARD, *(replace(option, label=_in_words(option.value)) for option in control.options)]
    if asked and not any(option.chosen for option in options):
        first, *others = (_in_words(key) for key in asked.split(","))
        words = ", then ".join([first, *(f"{word[0].lower()}{word[1:]}" for word in others)])
        options.append(Option(asked, words, chosen=True))
    return replace(control, options=options)


def _in_words(asked: str) -> str:
    key = asked.removeprefix("-")
    downwards = asked.startswith("-")
    if key in IN_WORDS:
        return IN_WORDS[key][downwards]
    name = "NCT number" if key == "nct_id" else key.replace("_", " ").capitalize()
    return f"{name}, {'Z to A' if downwards else 'A to Z'}"
