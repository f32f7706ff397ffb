from django.apps import AppConfig


class RemediationConfig(AppConfig):
    name = "remediation"

    def ready(self) -> None:
        from remediation import catalogue, event_words, guards, letter_facts, readiness, reasons, steps

        reasons.install()
        guards.install()
        letter_facts.install()
        catalogue.install()
        steps.install()
        readiness.install()
        event_words.install()
