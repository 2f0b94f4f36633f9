"""What stands where on a page: text fitted to boxes, fonts, colours. Pure but for the font files."""
