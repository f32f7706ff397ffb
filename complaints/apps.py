from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        from complaints import catalogue, emergency_words, grading_words, guards
        from complaints.calculators import (  # noqa: F401  they offer themselves
            deadline,
            entitlement,
            finance,
            grade,
            kpi,
            period,
        )

        guards.install()
        catalogue.install()
        emergency_words.install()
        grading_words.install()
