"""Customers over time: segments, retention, value. No Streamlit, no charts, no words."""
