"""A slow import that nothing here needs, left out."""

import sys


def skip_url_grammar() -> None:
    """Keep jsonschema from compiling a grammar of URLs, which costs every kernel over a second.

    It offers the check only where `rfc3987_syntax` can be imported, and notebooks hold no URLs to
    be checked. Call it before the first import of nbformat.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
