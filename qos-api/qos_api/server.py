"""Serves an app: where it listens, TLS, bounds on connections, and how it ends. Opens sockets; knows no route.

`run` is what the command starts, by name: it is given the settings and the services, and comes back when it is told to end.
"""

from __future__ import annotations

import signal
import socket
import ssl
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread, current_thread, main_thread
from typing import Final

from fastapi import APIRouter
from starlette.types import ASGIApp
from uvicorn import Config, Server

from network.errors import Refused, UsageError
from network.settings import ApiSettings, Settings
from qos_api.app import create_app
from qos_api.desk import Issuer, Options, Services
from qos_api.protocol import CarefulProtocol

GRACE: Final = 10
"""Seconds that requests have to end in when the service does."""

MOST_CONNECTIONS: Final = 1000
_BACKLOG: Final = 512
_IDLE: Final = 30
_PATIENCE: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where and how. `socket` (a path) in the place of host and port; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 0
    socket: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    client_ca: Path | None = None
    plain: bool = False

    @property
    def has_tls(self) -> bool:
        return self.certificate is not None


def run(
    settings: Settings,
    services: Services,
    routers: Iterable[APIRouter] = (),
    *,
    ready: Callable[[str], None] | None = None,
    stop: Event | None = None,
) -> None:
    """Serve until SIGINT, SIGTERM or `stop`. `ready` is told the address once it answers there.

    Raises UsageError or Refused, before anything listens, for settings that cannot be.
    """
    app = create_app(services, options_of(settings), routers)
    serve(app, listening_of(settings.api), ready=ready, stop=stop)


def options_of(settings: Settings) -> Options:
    api = settings.api
    issuer = None
    if api.issuer is not None:
        if not api.audience:
            raise UsageError("server.audience")
        issuer = Issuer(url=api.issuer, audience=api.audience, claim=api.claim, ca=api.issuer_ca)
    return Options(
        language="id" if settings.language == "id" else "en",
        issuer=issuer,
        body_bytes=api.body_bytes,
        caller_rate=api.caller_rate,
        address_rate=api.address_rate,
        failure_rate=api.failure_rate,
        metrics_open=api.metrics_open,
        tls=api.certificate is not None,
    )


def listening_of(api: ApiSettings) -> Listening:
    return Listening(
        host=api.host,
        port=api.port,
        socket=api.socket,
        certificate=api.certificate,
        key=api.key,
        client_ca=api.client_ca,
        plain=api.plain,
    )


def serve(app: ASGIApp, where: Listening, *, ready: Callable[[str], None] | None = None, stop: Event | None = None) -> None:
    """Serve until SIGINT, SIGTERM (in the main thread) or `stop`; requests that are under way may end."""
    context = tls(where)
    listener = _listen(where)
    try:
        server = _Server(_config(app, context))
        ended = Event()
        watcher = Thread(target=_watch, args=(server, stop or Event(), ended, ready, _address(where, listener)), daemon=True)
        watcher.start()
        try:
            server.run(sockets=[listener])
        finally:
            ended.set()
            watcher.join()
    finally:
        listener.close()
        if where.socket is not None:
            where.socket.unlink(missing_ok=True)


@contextmanager
def running(app: ASGIApp, where: Listening) -> Iterator[str]:
    """Serve in a thread while the block lasts; its address, for example `http://127.0.0.1:40123`."""
    stop, answers = Event(), Event()
    told: list[str] = []

    def ready(address: str) -> None:
        told.append(address)
        answers.set()

    failed: list[BaseException] = []

    def work() -> None:
        try:
            serve(app, where, ready=ready, stop=stop)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            failed.append(error)
        finally:
            answers.set()

    thread = Thread(target=work, name="api")
    thread.start()
    try:
        answers.wait(_PATIENCE)
        if failed:
            raise failed[0]
        yield told[0]
    finally:
        stop.set()
        thread.join()


def tls(where: Listening) -> ssl.SSLContext | None:
    """TLS 1.2 or newer with this certificate; None without one. Raises Refused or UsageError for what cannot be used."""
    if (where.certificate is None) != (where.key is None):
        raise UsageError("server.tls_pair")
    if where.certificate is None or where.key is None:
        if where.socket is None and not where.plain and not _is_own(where.host):
            raise Refused("server.plain", host=where.host)
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    context.set_alpn_protocols(["http/1.1"])
    file = where.key
    try:
        if where.key.stat().st_mode & stat.S_IRWXO:
            raise Refused("server.tls_open", file=str(where.key))
        file = where.certificate
        context.load_cert_chain(where.certificate, where.key)
        if where.client_ca is not None:
            file = where.client_ca
            context.load_verify_locations(where.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
    except OSError as error:
        raise Refused("server.tls_file", file=str(file), cause=error.strerror or type(error).__name__) from error
    return context


class _Server(Server):
    """Ends on a signal, and leaves the rest of the process to its owner: uvicorn would raise the signal once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if current_thread() is not main_thread():
            yield
            return
        before = {each: signal.signal(each, self.handle_exit) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)


def _config(app: ASGIApp, context: ssl.SSLContext | None) -> Config:
    return Config(
        app,
        http=CarefulProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=GRACE,
        ssl_context_factory=(lambda config, default: context) if context is not None else None,
    )


def _watch(server: Server, stop: Event, ended: Event, ready: Callable[[str], None] | None, address: str) -> None:
    """Tell when it answers, and end it when it is told to: its own signals reach the main thread only."""
    while not ended.is_set() and not server.started:
        ended.wait(0.01)
    if server.started and ready is not None:
        ready(address)
    while not ended.is_set() and not stop.wait(0.1):
        pass
    server.should_exit = True


def _listen(where: Listening) -> socket.socket:
    try:
        if where.socket is not None:
            return _listen_locally(where.socket)
        family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
        return socket.create_server((where.host, where.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        address = str(where.socket or f"{where.host}:{where.port}")
        raise Refused("server.address", address=address, cause=error.strerror or type(error).__name__) from error


def _listen_locally(path: Path) -> socket.socket:
    """A socket for this user and group. What a crashed service left behind is taken away; one that answers is not."""
    with suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
            path.unlink()
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        path.chmod(0o660)
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True


def _address(where: Listening, listener: socket.socket) -> str:
    if where.socket is not None:
        return f"unix:{where.socket}"
    host, port = listener.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    return f"{'https' if where.has_tls else 'http'}://{name}:{port}"


def _is_own(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
