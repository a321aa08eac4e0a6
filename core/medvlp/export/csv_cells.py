"""Cells of CSV files that are opened in a spreadsheet."""

from __future__ import annotations

# A spreadsheet runs a cell that starts so as a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; None becomes empty."""
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return "'" + cell
    return "" if cell is None else cell
