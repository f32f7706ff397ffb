"""A contract written as YAML or JSON, in the form that `paper.read` reads. PURE."""

import json
from typing import Any

import yaml

from contracts.paperfile.paper import FORM, Paper


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they stand, and lists indented under their name."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def data_of(paper: Paper) -> dict[str, Any]:
    """Return the contract as plain data."""
    return {
        "form": FORM,
        "contract": paper.header.to_data(),
        "versions": [
            version.head.to_data()
            | {
                "clauses": [
                    clause.head.to_data() | ({"terms": clause.terms.to_data()} if clause.terms else {})
                    for clause in version.clauses
                ]
            }
            for version in paper.versions
        ],
    }


def write_yaml(paper: Paper) -> str:
    return yaml.dump(data_of(paper), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def write_json(paper: Paper) -> str:
    return json.dumps(data_of(paper), ensure_ascii=False, indent=2) + "\n"
