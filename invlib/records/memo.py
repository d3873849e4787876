"""Is this run already known? Looks in the local records, then in the published ones."""

from dataclasses import dataclass
from typing import Literal

from invlib.records.record import Record, Run
from invlib.records.store import Store
from invlib.settings import Settings

Origin = Literal["local", "published"]


@dataclass(frozen=True)
class Known:
    """A record that was found, where, and whether the source has changed since it was made."""

    record: Record
    origin: Origin
    stale: bool


def local_store(settings: Settings) -> Store:
    return Store(settings.runs_dir / "records")


def published_store(settings: Settings) -> Store:
    return Store(settings.published_dir)


def recall(run: Run, source: str, settings: Settings) -> Known | None:
    """The best record of a run: a fresh local one, a fresh published one, a stale published one.

    A stale local record is worth nothing: this machine can make a new one. Where nothing may be
    computed, only what was published counts: that is what the page then says it shows.
    """
    if settings.compute != "never":
        local = local_store(settings).read(run)
        if local is not None and local.provenance["source"] == source:
            return Known(local, "local", stale=False)
    published = published_store(settings).read(run)
    if published is not None:
        return Known(published, "published", stale=published.provenance["source"] != source)
    return None
