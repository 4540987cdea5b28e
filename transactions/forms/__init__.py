"""A document being entered: everything that was typed travels in the form until it is posted."""
