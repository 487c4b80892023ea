"""The ledger against the wire: every boundary that a message made stands where a capture has that
message, and the parts of a lane add up. The capture is read by capture.py, which shares nothing
with the exchange."""
import bisect

from .lanes import OURS

OFFER = ("INVITE", "UPDATE")
GIVEN_UP = ("BYE", "CANCEL", "refusal")
# What may have cut a segment, by what the ledger says that ended it. Boundaries that the exchange
# makes by itself (an offer, a limit that ran out) are not on the wire.
CUT_BY = {
    "queue_entered": ("INVITE",), "announcement_began": ("INVITE",),
    "phone_rang": ("180",), "agent_answered": ("200",),
    "agent_held": OFFER, "agent_resumed": OFFER + ("digit",),
    "consult_began": ("INVITE",), "consult_ended": GIVEN_UP,
    "conference_began": ("200", "digit") + OFFER, "conference_ended": OFFER + GIVEN_UP,
    "transfer_began": ("REFER",), "transfer_failed": ("refusal",),
    "agent_took_over": ("200", "INVITE", "REFER", "BYE"), "sent_to_queue": ("REFER",),
    "sent_outside": ("REFER", "200"), "caller_parked": ("REFER",),
    "agent_left": ("BYE",), "caller_left": ("BYE", "CANCEL"),
}


def arrivals(messages, digits=()):
    """When what came to the exchange, as lists of instants in order."""
    found = {"digit": [instant for instant, _, _ in digits]}
    for m in messages:
        if m.target not in OURS:
            continue
        kinds = [m.method if m.status is None else str(m.status)]
        if m.status is not None and m.method != "INVITE":
            continue
        if m.status is not None and m.status >= 300:
            kinds.append("refusal")
        for kind in kinds:
            found.setdefault(kind, []).append(m.time)
    for times in found.values():
        times.sort()
    return found


def distance(times, instant):
    """To the nearest one; infinite where there is none."""
    at = bisect.bisect_left(times, instant)
    return min((abs(instant - t) for t in times[max(0, at - 1):at + 1]), default=float("inf"))


def differences(messages, exchange, lane_kinds=("caller", "agent"), digits=()):
    """For each boundary that a message made: (seconds to that message, what the boundary is).
    Fails where the segments of a lane do not add up, to the microsecond."""
    came, found = arrivals(messages, digits), []
    for kind in lane_kinds:
        for segments in exchange.segments(kind).values():
            total = sum(s["ended_us"] - s["began_us"] for s in segments)
            assert total == segments[-1]["ended_us"] - segments[0]["began_us"], "a lane has a gap"
            for s in segments:
                causes = CUT_BY.get(s["ended_by"])
                if causes is None:
                    continue
                ended = (s["began_utc_us"] + s["ended_us"] - s["began_us"]) / 1e6
                found.append((min(distance(came.get(cause, []), ended) for cause in causes),
                              f"{kind}: {s['kind']}, ended by {s['ended_by']}"))
    return sorted(found)


def at_percent(found, percent):
    """The difference that so many of a hundred do not exceed."""
    return found[min(len(found) - 1, len(found) * percent // 100)][0]
