"""How fast the house is on many cases: bin/bench. Not part of the tests."""
