"""The audit log as a thing that one may be allowed to read. Its rows are the history; it has no table of its own."""

from pghistory.models import Context


class AuditLog(Context):
    """Who changed what when, over everything: read by editors in the admin."""

    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = "audit log"
        verbose_name_plural = "audit log"
