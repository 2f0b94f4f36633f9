"""Staff's web application and the broadcast: bulletins are written, approved, signed and announced here."""
