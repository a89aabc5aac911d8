"""Whose request a thread takes next: everybody's turn comes, however much somebody else sends.

Nobody is refused here. What is more than a share waits in the web process, and holds neither a thread nor the database.
One network, be it a whole clinic, has half of the threads at once at most, and so has one page, from however many
networks it is asked for; all staff together have a quarter: their pages cost up to a hundred times as much as a
patient's, and what they save keeps SQLite's one lock meanwhile.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

FORWARDED = re.compile(rb"\r\nx-forwarded-for:([^\r\n]*)", re.I)
DEVICE = re.compile(rb"\r\ncookie:[^\r\n]*known-device=([0-9a-f.]+)", re.I)
PAGE = re.compile(rb"\S+ (?:\w+://[^/ ]*)?([^ ?#]*)")


@dataclass(frozen=True)
class Sender:
    """What is counted of a request: the network that it comes from, the path of the page, and whether that is one of
    staff. known: it is, and from a browser in which one of them has logged in.
    """

    network: str
    page: bytes
    staff: bool
    known: bool = False


def read_sender(head: bytes, peer: str) -> Sender:
    """head: of a request as it arrived. peer: the address that connected; "" for a Unix socket.

    Of what one person may have to themselves the widest counts: who has 65,536 networks has one share.
    """
    # In the process that serves, not in gunicorn's master, which goes on with what it has loaded after an upgrade.
    from core.client_address import find_client_address, list_networks

    forwarded = b",".join(FORWARDED.findall(head)).decode("latin-1")
    *_, (network, _) = list_networks(find_client_address(forwarded, peer))
    found = PAGE.search(head)
    page = unquote_to_bytes(found[1]) if found else b""
    staff = b"/admin/" in page
    known = False
    if staff and (device := DEVICE.search(head)):
        from staff.known_devices import is_marked

        known = is_marked(device[1].decode())
    return Sender(network, page, staff, known)


class Turns:
    """What waits for a thread, and what is at work; by anything that can be a key, such as a connection."""

    def __init__(self, threads: int) -> None:
        self.threads, self.half, self.staff = threads, max(threads // 2, 1), max(threads // 4, 1)
        self.waiting: dict[Hashable, Sender] = {}  # the oldest first
        self.working: dict[Hashable, Sender] = {}

    def wait(self, item: Hashable, sender: Sender) -> None:
        self.waiting[item] = sender

    def finish(self, item: Hashable) -> None:
        self.working.pop(item, None)

    def begin(self) -> Iterator[Hashable]:
        """What a thread may take now: first of the network that has least at work, then of the page that has, then of
        staff who have logged in there before, then what waits longest.
        """
        while len(self.working) < self.threads:
            networks = Counter(sender.network for sender in self.working.values())
            pages = Counter(sender.page for sender in self.working.values())
            full = sum(sender.staff for sender in self.working.values()) >= self.staff
            free = [
                (networks[sender.network], pages[sender.page], not sender.known, number, item)
                for number, (item, sender) in enumerate(self.waiting.items())
                if max(networks[sender.network], pages[sender.page]) < self.half and not (sender.staff and full)
            ]
            if not free:
                return
            item = min(free, key=lambda found: found[:4])[4]
            self.working[item] = self.waiting.pop(item)
            yield item
