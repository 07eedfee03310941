"""Setia: ``streamlit run app.py``."""

import streamlit as st

from ui.errors import on_script_error

app = st.App("ui/shell.py", on_script_error=on_script_error)
