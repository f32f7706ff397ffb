from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        from complaints import catalogue, guards
        from complaints.calculators import deadline, finance, grade, kpi, period  # noqa: F401  they offer themselves

        guards.install()
        catalogue.install()
