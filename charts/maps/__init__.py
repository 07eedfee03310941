"""Maps: a tidy result and a translator become a folium map or layer; nothing is computed here."""
