"""`python -m lajur_cloud.tables URL`: the tables of Neutron, as its models have them.

Its own migrations know MySQL only; `neutron-db-manage stamp heads` then says that they are done.
"""

from __future__ import annotations

import sys

import sqlalchemy
from neutron.db.migration.models import head
from neutron_lib.db import model_base

__all__ = ["head"]


if __name__ == "__main__":
    model_base.BASEV2.metadata.create_all(sqlalchemy.create_engine(sys.argv[1]))
