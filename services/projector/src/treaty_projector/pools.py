"""Know how busy the pools of connections are."""

from __future__ import annotations

from sqlalchemy import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_door.instruments import PoolState


class CountingPool(AsyncAdaptedQueuePool):
    """Know how many wait for a connection, which SQLAlchemy does not tell."""

    waiting = 0
    _sqla_logger_namespace = "sqlalchemy.pool"  # where SQLAlchemy's own pools write, and are silent by default

    def connect(self) -> PoolProxiedConnection:
        """Lend a connection; whoever waits for one is counted."""
        self.waiting += 1
        try:
            return super().connect()
        finally:
            self.waiting -= 1


def pool_state(engine: AsyncEngine) -> PoolState:
    """Return how busy the pool of an engine of ours is."""
    pool = engine.pool
    if not isinstance(pool, CountingPool):
        raise TypeError(type(pool).__name__)
    return PoolState(pool.size(), pool.checkedout(), pool.waiting)
