"""The chances of product and of start beside their product, `confidence`, in the rows of explanations.

Rows of earlier versions have `confidence` alone: both chances are its square root, as in `domain.highlight.Highlight`.
"""

import math
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name in ("product_confidence", "start_confidence"):
        op.add_column("explanations", sa.Column(name, sa.Float, nullable=False, server_default=sa.text("0")))
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":  # which may be built without mathematics
        driver: Any = connection.connection.dbapi_connection
        driver.create_function("sqrt", 1, math.sqrt, deterministic=True)
    op.execute("UPDATE explanations SET product_confidence = sqrt(confidence), start_confidence = sqrt(confidence)")
