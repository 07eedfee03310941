"""Customers in space: regions, placing, cells, catchments. No Streamlit, no charts, no words."""
