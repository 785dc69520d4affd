from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class TreatmentsConfig(AppConfig):
    name = "treatments"
    verbose_name = "Dermatomyositis treatments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can only be imported once every app is ready.
        from treatments.curation.roles import create_roles
        from treatments.models.history import begin_migrating, end_migrating, pin_search_path, record_always

        post_migrate.connect(create_roles, sender=self, dispatch_uid="treatments.create_roles")
        post_migrate.connect(record_always, sender=self, dispatch_uid="treatments.record_always")
        post_migrate.connect(pin_search_path, sender=self, dispatch_uid="treatments.pin_search_path")
        pre_migrate.connect(begin_migrating, sender=self, dispatch_uid="treatments.begin_migrating")
        # Connected last, and so sent last: what is written after migrations is theirs too.
        post_migrate.connect(end_migrating, sender=self, dispatch_uid="treatments.end_migrating")
