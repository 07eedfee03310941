"""Parts of a page that know Streamlit: headers, cards, figures, empty states, the map."""
