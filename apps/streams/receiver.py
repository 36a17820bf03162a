import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from apps.streams.messages import LayerMessage
from apps.streams.services.notifications import ACCESS_GROUP, group_name

logger = logging.getLogger(__name__)


class Receiver:
    """What is told to this process: one channel, however many sockets are open.

    Args:
        take: gets each message, in order; returns at once.
    """

    def __init__(self, take: Callable[[LayerMessage], None]) -> None:
        self._take = take
        self._opening = asyncio.Lock()
        self._channel = ""
        self._task: asyncio.Task[None] | None = None

    async def follow(self, stream: str) -> None:
        """What is told of `stream` arrives from now on.

        Raises:
            RedisError, OSError: Redis is away.
        """
        async with self._opening:
            if not self._channel:
                channel = await self._layer.new_channel()
                await self._layer.group_add(ACCESS_GROUP, channel)
                self._channel, self._task = channel, asyncio.create_task(self._receive(channel))
        await self._layer.group_add(group_name(stream), self._channel)

    async def forget(self, stream: str) -> None:
        await self._discard(group_name(stream), self._channel)

    async def close(self) -> None:
        channel, self._channel = self._channel, ""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            await self._discard(ACCESS_GROUP, channel)

    @property
    def _layer(self) -> Any:
        return get_channel_layer()

    async def _discard(self, group: str, channel: str) -> None:
        try:
            await self._layer.group_discard(group, channel)
        except (RedisError, OSError):
            # Redis is away, and its groups with it.
            return

    async def _receive(self, channel: str) -> None:
        while True:
            self._take(await self._layer.receive(channel))
