"""Pages of the remedy: the tabs of a case, and the visits of all cases."""
