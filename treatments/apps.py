from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TreatmentsConfig(AppConfig):
    name = "treatments"
    verbose_name = "Dermatomyositis treatments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once every app is ready.
        from treatments.curation.roles import create_roles
        from treatments.models.history import record_always

        post_migrate.connect(create_roles, sender=self, dispatch_uid="treatments.create_roles")
        post_migrate.connect(record_always, sender=self, dispatch_uid="treatments.record_always")
