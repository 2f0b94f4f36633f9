"""`bangtin bench player`: the player measured against the least that could be done, one file a subject."""
