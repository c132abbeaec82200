"""The sheets that finance, auditors and managers open: data first, then shown in one unit as JSON, a table or a workbook."""
