"""What the database refused, in the words of the rule that refused it."""

import re
from functools import cache

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, OperationalError

REFUSED = "The database refused this: it would break one of its rules."
BUSY = "Somebody else was changing the same rows at that moment. Nothing was lost; please try again."
UNFIT = "A value does not fit into its field: it is too long, too large or has characters that cannot be stored."


def sentence(error: DatabaseError) -> str:
    """What went wrong, as one sentence for the person who asked for the change.

    A trigger's own message; for a constraint the message that stands on the model.
    """
    report = getattr(error.__cause__, "diag", None)
    if report is None or not isinstance(error, (IntegrityError, DataError, OperationalError)):
        return REFUSED
    if isinstance(error, OperationalError):  # a deadlock, or a lock that could not be had
        return BUSY
    if isinstance(error, DataError):
        return UNFIT
    if report.constraint_name:
        return _constraint_messages().get(report.constraint_name) or _duplicate(report.message_detail) or REFUSED
    return report.message_primary or REFUSED


@cache
def _constraint_messages() -> dict[str, str]:
    """The message of every named constraint, with its fields where Django's own wording needs them."""
    messages = {}
    for model in apps.get_app_config("treatments").get_models():
        for constraint in model._meta.constraints:
            fields = getattr(constraint, "fields", ())
            if constraint.violation_error_message != constraint.default_violation_error_message or not fields:
                messages[constraint.name] = str(constraint.get_violation_error_message())
            else:
                names = " and ".join(str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in fields)
                messages[constraint.name] = f"There is a {model._meta.verbose_name} with this {names} already."
    return messages


def _duplicate(detail: str | None) -> str:
    """For a column that is unique by itself: PostgreSQL says ``Key (pmid)=(1) already exists.``"""
    found = re.match(r"Key \((?P<column>\w+)\)=\((?P<value>.*)\) already exists", detail or "", re.DOTALL)
    return f"There is a row with {found['column']} {found['value']} already." if found else ""


def as_validation_error(error: DatabaseError) -> ValidationError:
    """The same, to be shown on a form."""
    return ValidationError({NON_FIELD_ERRORS: [sentence(error)]})
