"""The authority's own schema, where it is given."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

from core.errors import InputError
from customs.rules.ceb.kinds import NAMESPACE


class SchemaMissing(InputError):
    """The official schema is not where BONDPOOL_CEB_XSD says."""

    code = "customs.schema_missing"


@cache
def official_schema(place: str) -> etree.XMLSchema:
    """The schema of import messages: a file, or its folder. Raises SchemaMissing."""
    path = Path(place)
    files = sorted(path.glob("*.xsd")) if path.is_dir() else [path]
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    for file in files:
        try:
            tree = etree.parse(str(file), parser)
            if tree.getroot().get("targetNamespace") == NAMESPACE and _knows_lists(tree):
                return etree.XMLSchema(tree)
        except (OSError, etree.XMLSyntaxError, etree.XMLSchemaParseError):
            continue
    raise SchemaMissing(file=place)


def _knows_lists(tree: etree._ElementTree) -> bool:
    """Imports and exports have the same namespace; only imports have the retail list."""
    space = "{http://www.w3.org/2001/XMLSchema}"
    return any(one.get("name") == "CEB621Message" for one in tree.iterfind(f"{space}element"))
