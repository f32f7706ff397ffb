from django.apps import AppConfig


class RemediationConfig(AppConfig):
    name = "remediation"

    def ready(self) -> None:
        from remediation import catalogue, event_words, guards, letter_facts, reasons, steps

        reasons.install()
        guards.install()
        letter_facts.install()
        catalogue.install()
        steps.install()
        event_words.install()
