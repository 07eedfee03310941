"""Tables built at import so that pages need not group every transaction at every click."""
