"""The columns of the trade reports."""
