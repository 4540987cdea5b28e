from django.apps import AppConfig


class AuditTrailConfig(AppConfig):
    name = "audit_trail"

    def ready(self) -> None:
        from audit_trail import listening

        listening.begin()
