"""The exports of marketplaces and tills: known by their headers, tidied into the schema's columns."""
