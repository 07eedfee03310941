"""Everything beside ``pages/`` that knows Streamlit."""
