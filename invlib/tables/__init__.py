"""Tables of records: numbers with n, spread and how they were chosen in the caption."""

from invlib.tables.glue import glue_number
from invlib.tables.show import show_table
from invlib.tables.summary import final_values, mean_and_spread

__all__ = ["final_values", "glue_number", "mean_and_spread", "show_table"]
