"""Reports for whoever buys, sells and counts: profit by item, open orders, what to reorder."""
