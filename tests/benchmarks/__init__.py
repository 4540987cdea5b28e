"""What posting costs, against what the database itself costs: `make bench`."""
