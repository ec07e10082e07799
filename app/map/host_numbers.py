"""The numbers behind a host's name, asked for in a thread of its own: a name server that is silent holds nobody."""

from __future__ import annotations

import ipaddress
import socket
import threading
from concurrent.futures import Future

import httpcore


class HostNumbers:
    """Resolves names with a limit of time; a name that is being asked for is not asked for twice.

    The system's resolver knows no limit and cannot be stopped: its thread is let go of, and ends with the program.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, int], Future[tuple[str, ...]]] = {}
        self._lock = threading.Lock()

    def of(self, host: str, port: int, limit_s: float) -> tuple[str, ...]:
        """Return the numbers of a host, at least one.

        Raises
        ------
        httpcore.ConnectTimeout
            If no answer came within ``limit_s``.
        httpcore.ConnectError
            If there is no such host.
        """
        try:
            ipaddress.ip_address(host)
        except ValueError:
            pass
        else:
            return (host,)
        try:
            return self._future(host, port).result(limit_s)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in {limit_s:.0f} s") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error

    def _future(self, host: str, port: int) -> Future[tuple[str, ...]]:
        with self._lock:
            known = self._asked.get((host, port))
            if known is not None:
                return known
            future: Future[tuple[str, ...]] = Future()
            self._asked[host, port] = future
        threading.Thread(target=self._ask, args=(host, port, future), name=f"resolve {host}", daemon=True).start()
        return future

    def _ask(self, host: str, port: int, future: Future[tuple[str, ...]]) -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            # The old kind of number first: a house without IPv6 often has names that say otherwise.
            found.sort(key=lambda one: one[0] != socket.AF_INET)
            answer: tuple[str, ...] = tuple(dict.fromkeys(str(one[4][0]) for one in found))
            error: Exception | None = None if answer else OSError(host)
        except (OSError, UnicodeError, ValueError) as cause:
            answer, error = (), cause if isinstance(cause, OSError | UnicodeError) else OSError(str(cause))
        with self._lock:
            self._asked.pop((host, port), None)
        if error is None:
            future.set_result(answer)
        else:
            future.set_exception(error)
