"""A contract as a file, YAML or JSON: read with the line of every value, written back in the same form. PURE."""

from contracts.paperfile.nodes import Fault, Unreadable
from contracts.paperfile.paper import Paper, PaperClause, PaperVersion, read
from contracts.paperfile.writing import write_json, write_yaml

__all__ = ["Fault", "Paper", "PaperClause", "PaperVersion", "Unreadable", "read", "write_json", "write_yaml"]
