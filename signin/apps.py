from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "signin"
    verbose_name = "Log-in"

    def ready(self) -> None:
        from signin import listening

        listening.begin()
