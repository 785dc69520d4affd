"""What waits for the person who looks at the front page of the admin."""

from django import template

from treatments.admin.work import Dashboard, dashboard

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_work(context: template.Context) -> Dashboard:
    return dashboard(context["request"].user)
