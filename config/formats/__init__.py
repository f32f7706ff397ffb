"""How dates are written, by language (UX §4.7); Django's own forms stand for what is not named."""
