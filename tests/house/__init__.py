"""The house itself is tested: its layers, its one writer, its files and its README."""
