"""The demo company at any size: a million units as easily as a thousand.

`story.py` says what a dealer does with a thousand units; `desk.py` writes each document down as
posting would, in memory; `writer.py` writes many stories at once into the database; `company.py`
lets as many stories begin, over four years, as the size asks for. The audit proves the result.
"""
