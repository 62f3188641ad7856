"""Uploaded requests: from the places of a file to the lines that it asks an offer for.

What is in the file is somebody else's text. It can become recognised lines, a customer to choose and wishes to look at,
and nothing else: no price, discount or order in it has any effect by itself.
"""

from offers.requests.places import Place
from offers.requests.recognised import Pick, Recognised, RecognisedLine
from offers.requests.recognising import recognise

__all__ = ["Pick", "Place", "Recognised", "RecognisedLine", "recognise"]
