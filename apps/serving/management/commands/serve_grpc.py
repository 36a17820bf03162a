import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.serving.doors.grpc_server import make_server
from apps.serving.loading import live_models

GRACE_SECONDS = 10.0


class Command(BaseCommand):
    help = "Serve the live models over gRPC until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--address", default=settings.GRPC_ADDRESS, help="host:port; port 0 takes a free one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._serve(options["address"]))

    async def _serve(self, address: str) -> None:
        try:
            server, port = make_server(address)
        except RuntimeError as error:
            raise CommandError(f"{address} can't be served: {error} Is the port taken?") from error
        if address.rpartition(":")[2] not in ("0", str(port)):
            raise CommandError(f"{address} can't be served: a port is a number from 0 to 65535.")
        await server.start()
        models = await asyncio.to_thread(live_models)
        self.stdout.write(f"gRPC is ready at {address.rpartition(':')[0]}:{port}")
        self.stdout.flush()
        stopping = asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, stopping.set)
        await stopping.wait()
        # No new call is taken; those in flight have this long to end.
        await server.stop(GRACE_SECONDS)
        await asyncio.to_thread(models.stop)
