"""What people say with each act, by room; shapes only, no rules."""
