"""A believable house for the demo: people, contracts and cases with true histories, made by the verbs alone."""
