"""Form fields for what a plain input cannot hold: lists of texts, and source checks. Neither needs JavaScript."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from treatments.models.records import SOURCE_CHECK_GRADES, SOURCE_CHECK_KEYS, validate_source_checks

EMPTY_ROWS = 3
MOST_ROWS = 200


class LinesField(SimpleArrayField):
    """A list of texts, one a line; empty lines mean nothing."""

    def __init__(self, base_field: forms.Field, **kwargs: Any) -> None:
        kwargs["delimiter"] = "\n"
        kwargs["widget"] = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField lines"})
        super().__init__(base_field, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = "\n".join(line.strip() for line in value.splitlines() if line.strip())
        return super().to_python(value)


class RowSelect(AutocompleteSelect):
    """Django's own, which breaks over what is no key: the form says of such a value that it is none."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if self._is_key(one)], attr)

    def _is_key(self, value: str) -> bool:
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return False
        return True


class SourceChecksWidget(forms.Widget):
    """A row of inputs for each source check, and a few empty rows."""

    template_name = "admin/widgets/source_checks.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        checks = value if isinstance(value, list) else []
        rows = [*checks, *({} for _ in range(EMPTY_ROWS))]
        context["widget"]["rows"] = [
            {
                "number": number + 1,
                "prefix": f"{name}-{number}",
                **{key: check.get(key, "") for key in SOURCE_CHECK_KEYS},
            }
            for number, check in enumerate(rows)
        ]
        context["widget"]["grades"] = SOURCE_CHECK_GRADES
        return context

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # With the templates of the site; a form's own renderer looks only into those of installed packages.
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        """What was typed, without the rows that are empty throughout."""
        rows = []
        for number in range(MOST_ROWS):
            if f"{name}-{number}-what" not in data:
                break
            typed = {key: data.get(f"{name}-{number}-{key}", "").strip() for key in SOURCE_CHECK_KEYS}
            if any(typed.values()):
                rows.append(typed)
        return rows

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-0-what" not in data

    def id_for_label(self, id_: str) -> str:
        return ""  # several inputs, each with a label of its own


class SourceChecksField(forms.Field):
    """Where facts were read: a list of ``{what, grade, source?, note?, on?}``, checked by the models' own rule."""

    widget = SourceChecksWidget

    def clean(self, value: Any) -> list[dict[str, str]]:
        checks = self.without_blanks(value)
        problems: list[Any] = []
        for number, check in enumerate(checks, start=1):
            if any("\x00" in text for text in check.values()):
                problems.append(f"Source check {number} has a character that cannot be stored.")
        try:
            validate_source_checks(checks)
        except ValidationError as error:
            problems += error.messages
        if problems:
            raise ValidationError(problems)
        return checks

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.without_blanks(data)

    @staticmethod
    def without_blanks(value: Any) -> list[dict[str, str]]:
        """The checks without the cells that nothing was typed into."""
        return [{key: text for key, text in check.items() if text} for check in value or []]


def source_checks_as_list(checks: list[dict[str, str]]) -> str:
    """Source checks to read, with their sources as links."""
    return format_html(
        '<ul class="source-checks-shown">{}</ul>',
        format_html_join(
            "",
            '<li><span class="check-grade check-{}">{}</span> {}{}{}{}</li>',
            (
                (
                    check["grade"],
                    check["grade"],
                    check["what"],
                    format_html(' · <a href="{0}">{0}</a>', check["source"]) if check.get("source") else "",
                    f" · {check['note']}" if check.get("note") else "",
                    f" · {check['on']}" if check.get("on") else "",
                )
                for check in checks
            ),
        ),
    )
