"""Tables of records: numbers with n, spread and how they were chosen in the caption."""

from invlib.tables.glue import glue_number
from invlib.tables.show import show_table
from invlib.tables.summary import final_values, pooling_table

__all__ = ["final_values", "glue_number", "pooling_table", "show_table"]
