"""Reference geodata that Setia ships; read through ``data.reference.loader``."""
