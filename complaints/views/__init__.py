"""Pages of the case, for staff."""
