"""How many requests a caller or an address may make: a moving window of a minute each, kept in this process."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.storage.base import MovingWindowSupport
from limits.strategies import MovingWindowRateLimiter

from qos_api.desk import Options
from qos_api.problems import DoorError

WINDOW: Final = 60
MOST_KEYS: Final = 20_000
"""Callers and addresses that are remembered; the one that was quiet longest is forgotten first."""

_NEIGHBOURS: Final = 64
"""Bits of an IPv6 address that name a network: one machine may have all addresses below."""


class Kept(Storage, MovingWindowSupport):
    """Moments of requests by key, by a clock that only grows. Bounded, and without a thread of its own."""

    STORAGE_SCHEME = None

    def __init__(self, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._lock = Lock()
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self._lock:
            now, moments = self._recent(key, expiry)
            if len(moments) + amount > limit:
                return False
            moments.extend([now] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        with self._lock:
            now, moments = self._recent(key, expiry)
            return (moments[0] if moments else now), len(moments)

    def _recent(self, key: str, expiry: float) -> tuple[float, deque[float]]:
        now = self._monotonic()
        moments = self._moments.setdefault(key, deque())
        self._moments.move_to_end(key)
        while moments and moments[0] <= now - expiry:
            moments.popleft()
        if len(self._moments) > MOST_KEYS:
            self._moments.popitem(last=False)
        return now, moments

    # What a fixed window asks for: the same moments, counted.

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        self.acquire_entry(key, MOST_KEYS, expiry, amount)
        return self.get(key)

    def get(self, key: str) -> int:
        return self.get_moving_window(key, MOST_KEYS, WINDOW)[1]

    def get_expiry(self, key: str) -> float:
        return self.get_moving_window(key, MOST_KEYS, WINDOW)[0] + WINDOW

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            count = len(self._moments)
            self._moments.clear()
            return count

    def clear(self, key: str) -> None:
        with self._lock:
            self._moments.pop(key, None)


@dataclass(frozen=True, slots=True)
class Left:
    """What a caller has left: of how many, how many still, and seconds until one comes back."""

    policy: str
    most: int
    rest: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers has them."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.most};w={WINDOW}',
            "RateLimit": f'"{self.policy}";r={self.rest};t={self.seconds}',
        }


class Meter:
    """The three limits of the door. Safe from any thread."""

    def __init__(self, options: Options, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._limiter = MovingWindowRateLimiter(Kept(monotonic))
        self._items = {
            "caller": RateLimitItemPerMinute(options.caller_rate, namespace="caller"),
            "address": RateLimitItemPerMinute(options.address_rate, namespace="address"),
            "login": RateLimitItemPerMinute(options.failure_rate, namespace="login"),
        }

    def caller(self, name: str) -> Left:
        """Count a request of a known caller. Raises DoorError (429) when there were too many."""
        return self._hit("caller", name)

    def address(self, host: str | None) -> None:
        """Count a request of an address, whoever it is. Raises DoorError (429)."""
        self._hit("address", network_of(host))

    def failed(self, host: str | None) -> None:
        """Count a failed login of an address. Raises DoorError (429) when there were too many."""
        self._hit("login", network_of(host))

    def _hit(self, policy: str, key: str) -> Left:
        item = self._items[policy]
        allowed = self._limiter.hit(item, key)
        stats = self._limiter.get_window_stats(item, key)
        seconds = max(1, math.ceil(stats.reset_time - self._monotonic()))
        left = Left(policy, item.amount, max(0, stats.remaining), seconds)
        if not allowed:
            headers = {"Retry-After": str(seconds), **left.headers}
            raise DoorError(
                "api.too_many", status=429, headers=headers, most=item.amount, seconds=WINDOW, wait=seconds, policy=policy
            )
        return left


def network_of(host: str | None) -> str:
    """Whom an address counts as: an IPv4 address as itself, an IPv6 address as its network, a local socket as `local`."""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return "local"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed, _NEIGHBOURS), strict=False))
    return str(address)
