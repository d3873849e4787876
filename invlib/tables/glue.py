"""Numbers for the prose of a notebook, glued so that nobody types them."""

import math

from invlib.errors import InvlibError
from invlib.imports import skip_url_grammar


def glue_number(name: str, value: float) -> None:
    """Make a number available to the text as {glue:text}`name`; a NaN is refused."""
    skip_url_grammar()
    from myst_nb import glue

    if not math.isfinite(value):
        raise InvlibError(f"glued number {name} is {value}.")
    glue(name, float(value), display=False)
