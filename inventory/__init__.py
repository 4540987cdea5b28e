"""The project: settings, addresses, and what every page shares."""
