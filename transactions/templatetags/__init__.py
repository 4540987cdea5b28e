"""Template tags of the document pages."""
