"""The one way a table reaches a page: with a caption, a key and a provenance line."""

import html

import pandas as pd
from IPython.display import HTML, display

from invlib.studies.provenance import provenance_line
from invlib.studies.study import Runs


def show_table(frame: pd.DataFrame, *, key: str, caption: str, runs: Runs) -> None:
    """Display a frame as an accessible table that scrolls by itself on a narrow screen."""
    body = frame.to_html(index=False, border=0, classes="inv-table", justify="left", na_rep="–")
    body = body.replace('class="dataframe ', 'class="', 1)  # which the theme dresses in its own way
    label = html.escape(caption, quote=True)
    display(
        HTML(
            f'<figure class="inv-figure" id="tab-{key}"><div class="inv-scroll" tabindex="0" '
            f'role="region" aria-label="{label}">{body}</div>'
            f"<figcaption>{html.escape(caption)} {provenance_line(runs)}</figcaption></figure>"
        )
    )
