"""The pages of the trade reports."""
