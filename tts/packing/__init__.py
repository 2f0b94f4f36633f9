"""An int8 copy of a voice for small boards, and how much it still sounds like the first."""
