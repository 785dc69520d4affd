"""Data checks: what looks wrong or missing in the data, for curators to look at. Nothing is corrected here.

Each check is a plain function from today's date to findings. ``CHECKS`` is the one table of them, used by the admin and
by ``manage.py check_data`` alike.
"""

from collections.abc import Iterable
from datetime import date

from .claims import cited_though_retracted, level_unexplained, randomized_without_control, secondary_only
from .entries import arm_sizes_disagree, numbers_disagree, possible_duplicates, same_study_twice
from .figures import direction_against_figures, percentages_disagree
from .finding import KINDS, MODELS, Check, Finding, Record, Severity
from .records import missing_identifiers, trial_status_old

__all__ = ["CHECKS", "KINDS", "MODELS", "Check", "Finding", "Record", "Severity", "run"]

CHECKS: dict[str, Check] = {
    check.name: check
    for check in (
        Check(
            "percentage",
            "Percentage and counts disagree",
            "A percentage is not what events and total give, beyond rounding. Compare both with the source; if the"
            " source prints it so, dismiss the finding and say that.",
            Severity.ERROR,
            percentages_disagree,
        ),
        Check(
            "numbers-disagree",
            "Numbers of one study disagree",
            "Two entries from one reference, for the same treatment and patients, give different figures for the same"
            " outcome.",
            Severity.ERROR,
            numbers_disagree,
        ),
        Check(
            "retracted",
            "Retracted or corrected publication",
            "A publication that was retracted, corrected or questioned is still cited by published claims. Retract or"
            " revise them; after a correction, compare the figures.",
            Severity.ERROR,
            cited_though_retracted,
        ),
        Check(
            "arm-size",
            "Sizes of an arm disagree",
            "Two entries from one reference, for the same treatment, patients and regimen, count an arm differently, or"
            " a result is counted in more patients than its entry says were in the arm.",
            Severity.WARNING,
            arm_sizes_disagree,
        ),
        Check(
            "direction",
            "Direction against the figures",
            "An entry supports a treatment whose arm did no better than the control arm, or denies a benefit that its"
            " own interval shows. The figures or the direction may be the wrong way round.",
            Severity.WARNING,
            direction_against_figures,
        ),
        Check(
            "possible-duplicate",
            "Possible duplicate",
            "Two entries from one reference and treatment give the same result, or say the same without results. It"
            " would be counted twice.",
            Severity.WARNING,
            possible_duplicates,
        ),
        Check(
            "same-study",
            "One study under two references",
            "Two references with nearly the same title, or the same figures for one treatment from two references: an"
            " abstract and its paper, or one paper entered twice.",
            Severity.WARNING,
            same_study_twice,
        ),
        Check(
            "no-control",
            "Randomized, but nothing compared",
            "The study is randomized, and no result of the entry has a control arm or an effect. If the figures are a"
            " follow-up, a before-after comparison or pooled arms, name the analysis.",
            Severity.WARNING,
            randomized_without_control,
        ),
        Check(
            "level",
            "Level without a reason",
            "The level is not the usual one of the design, and the level note does not say why.",
            Severity.WARNING,
            level_unexplained,
        ),
        Check(
            "trial-status",
            "Trial not looked up for a year",
            "The status of a trial that has not ended was last seen over a year ago, or at no known date.",
            Severity.INFO,
            trial_status_old,
        ),
        Check(
            "secondary-only",
            "Awaiting a check against the primary source",
            "Everything the claim says was read in secondary sources. Read the publication or the registry record, and"
            " add the source check.",
            Severity.INFO,
            secondary_only,
        ),
        Check(
            "missing-identifier",
            "Identifier not recorded",
            "What other systems know the record by, or what a citation needs, was not seen. Look it up; dismiss the"
            " finding where there is none.",
            Severity.INFO,
            missing_identifiers,
        ),
    )
}


def run(today: date, names: Iterable[str] = ()) -> list[Finding]:
    """What the checks find, those named or all, in the order of the table: the gravest first.

    ``KeyError`` for a name that is not in the table.
    """
    return [finding for name in (tuple(names) or CHECKS) for finding in CHECKS[name].find(today)]
