"""Says things plainly: errors, secrets masked, strangers' texts and objects on one printable line."""
