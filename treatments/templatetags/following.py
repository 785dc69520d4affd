"""Tags that say how a page is cited, how it is followed, and what it is about in the words of schema.org."""

from typing import Any

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from treatments.interop import alternates as other_forms
from treatments.interop import structured_data as schema_org
from treatments.interop.citing import Citation, cite_claim, cite_page
from treatments.models import Claim, DatasetRevision, Reference
from treatments.titles import title

register = template.Library()


def page_title(context: template.Context) -> str:
    """What the page calls itself: its title block as rendered."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks else None
    return str(block.nodelist.render(context)).strip() if block else ""


def page_name(context: template.Context) -> str:
    """The name the address of the page has in the code, "web:treatment"; empty where it has none."""
    match = getattr(context.get("request"), "resolver_match", None)
    return match.view_name if match else ""


@register.inclusion_tag("components/cite.html", takes_context=True)
def cite_this(context: template.Context, revision: DatasetRevision) -> dict[str, Any]:
    """How to cite the page, in words to copy and as files, and where to follow what changes on it."""
    request, record = context["request"], context.get("record")
    if context.get("problems"):
        return {}
    found: Citation
    if isinstance(record, Claim):
        found = cite_claim(record, revision)
    else:
        name = title(record) if record is not None else page_title(context)
        # A page that is asked by a form knows its address without the fields left empty.
        found = cite_page(name, context.get("cited_path") or request.get_full_path(), revision)
    return {
        "citation": found,
        "claim": record if isinstance(record, Claim) else None,
        "kind": other_forms.endpoint(record),
        "publication": _publication(record),
        "feed": other_forms.feed(record),
        "changes": other_forms.changes_page(record),
    }


def _publication(record: Any) -> Reference | None:
    """What the page is about or rests on, to be cited itself."""
    if isinstance(record, Reference):
        return record
    return getattr(record, "reference", None) or getattr(record, "guideline", None)


@register.simple_tag(takes_context=True)
def alternate_links(context: template.Context) -> SafeString:
    """Links to the same in other forms, for the head of a page."""
    request = context.get("request")
    if request is None or context.get("problems"):
        return mark_safe("")
    found = other_forms.alternates(context.get("record"), page_name(context), request.GET)
    return format_html_join(
        "\n    ",
        '<link rel="alternate" type="{}" title="{}" href="{}">',
        ((one.type, one.title, one.url) for one in found),
    )


@register.simple_tag(takes_context=True)
def structured_data(context: template.Context, revision: DatasetRevision) -> SafeString:
    """What the page is about as JSON-LD, for search engines; a block of data that no browser runs."""
    record, page = context.get("record"), page_name(context)
    if record is not None:
        return schema_org.script([schema_org.about(record), schema_org.breadcrumbs(*schema_org.trail_of(record))])
    if page == "web:home":
        features = [manifestation for manifestation, _ in context.get("manifestations") or ()]
        return schema_org.script([schema_org.website(), schema_org.condition(features), schema_org.dataset(revision)])
    trail = schema_org.breadcrumbs((page_title(context), context.get("cited_path") or context["request"].path))
    return schema_org.script([schema_org.dataset(revision), trail] if page == "web:methods" else [trail])
