"""The audit, run from a page or the command line, and what its last runs found."""
