"""Pictures and sound as files named by their hash, checked before anyone may use them."""
