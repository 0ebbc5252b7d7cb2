"""SAMPLE, not for real use: a counter of licence applications over HTTP and PostgreSQL, as a release that can be carried.

Runs as it stands on Debian 12: its Python and `python3-psycopg2`. What is built has these modules as `lajur_sample`, so they
import the standard library, psycopg2 and each other only, and everything at their start: a folder of releases may go meanwhile.
"""
