"""Papermill's own engine, but that the notebook is written once and not around every cell.

Writing one with many figures takes a tenth of a second, and it has thirty cells and more.
"""

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

WRITES_ONCE = "invlib-writes-once"


class WritesOnce(NBClientEngine):
    """Where it ends, whether all went well or not, papermill itself writes what there is."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: Any
    ) -> None:
        target, nb_man.output_path = nb_man.output_path, None
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            nb_man.output_path = target


papermill_engines.register(WRITES_ONCE, WritesOnce)
