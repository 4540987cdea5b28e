"""The pages of items: their list, the record and its subtabs, and the serial number page."""
