"""`bangtin bench voice`: voices and reader measured, one file a subject."""
