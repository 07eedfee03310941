"""A tidy result and a translator in, a Plotly figure or a folium layer out. Computes nothing."""
