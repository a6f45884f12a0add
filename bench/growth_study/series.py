"""The series: one quantity grows, everything else stays. A point is {"x": .., measured values per event}."""
import os
import statistics

from .rig import BETS, Failed, Rig, copies, events_from

PROBE = 10_000   # events of a measurement, at least
EVENTS = 20_000  # of a point where the number of events is not what grows


def per_event(used, count):
    """Microseconds, and bytes."""
    return {"client": used["client"] / count * 1e6, "redis": used["redis"] / count * 1e6,
            "commands": used["commands"] / count, "written": used["written"] / count}


def known(store, work, marks, say):
    """How many events are known. At each mark: what the last new events before it cost, what changed prices of those
    seen longest ago cost, and memory."""
    points = []
    rig = Rig(store, work, [("BookieDelta", "three_way", 0)])
    try:
        rig.process(events_from(0, marks[0] // 2))  # connections stand, code is warm
        done, number = marks[0] // 2, 1
        for mark in marks:
            near = max(done, mark - PROBE)  # the last ones before the mark are measured
            parts = [rig.process(events_from(done, near)), rig.process(events_from(near, mark))]
            new, changed, count = per_event(parts[1], mark - near), [], min(mark, PROBE)
            for _ in range(max(3, PROBE // mark)):
                number += 1
                rig.new_prices(number)
                parts.append(rig.process(spread(mark, count, len(changed))))
                changed.append(parts[-1])
            if rig.documents() != mark:
                raise Failed(f"{rig.documents()} documents instead of {mark}")
            point = {"x": mark, "new": new, "changed": middle(changed, count), "rate": rate(changed, count),
                     "rss": rig.rss_mib(), "memory": rig.store_mib(), "others": share_of_others(parts[1:])}
            done = mark
            points.append(point)
            say(f"known {store}", point)
    finally:
        rig.close()
    return points


def spread(known, count, turn):
    """So many events, spread over the three quarters of the known ones that were seen longest ago; others each turn."""
    if count == known:
        return events_from(0, known)
    step = known * 3 // 4 // count
    return events_from(turn % step, count * step, step)


def middle(passes, count):
    costs = [per_event(p, count) for p in passes]
    return {key: statistics.median(c[key] for c in costs) for key in costs[0]}


def rate(passes, count):
    return statistics.median(count / p["seconds"] for p in passes)


def share_of_others(parts):
    seconds = sum(p["seconds"] for p in parts)
    return sum(p["others"] for p in parts) / seconds / os.cpu_count()


def steady(name, x, store, work, events, repeats, say, **rig_options):
    """Changes of known prices, under one setting: the median of some passes over the same events."""
    rig = Rig(store, work, **rig_options)
    try:
        rig.process(events_from(0, events))
        passes = []
        for number in range(repeats):
            rig.new_prices(number + 2)
            passes.append(rig.process(events_from(0, events)))
        if rig.documents() != events:
            raise Failed(f"{rig.documents()} documents instead of {events}")
        point = {"x": x, "changed": middle(passes, events), "rate": rate(passes, events), "rss": rig.rss_mib(),
                 "memory": rig.store_mib(), "others": share_of_others(passes)}
        say(f"{name} {store}", point)
        return point
    finally:
        rig.close()


ONE_STREAM = [("BookieDelta", "three_way", 0)]


def threads(store, work, steps, events, repeats, say):
    return [steady("threads", n, store, work, events, repeats, say, streams=ONE_STREAM, workers=n) for n in steps]


def processes(store, work, steps, events, repeats, say):
    return [steady("processes", n, store, work, events, repeats, say, streams=ONE_STREAM, processes=n) for n in steps]


def streams_of(count, folder):
    """The first so many of a bookmaker's streams (three bet types, five days), then those of a second one."""
    names = copies(folder, (count + 14) // 15)
    return [(name, bet, period) for name in names for period in range(5) for bet in BETS][:count]


def streams(store, work, steps, events, repeats, say):
    folder = os.path.join(work, "copies")
    return [steady("streams", n, store, work, events, repeats, say, streams=streams_of(n, folder),
                   bookmakers_folder=folder) for n in steps]


def bookmakers(store, work, steps, events, repeats, say):
    folder = os.path.join(work, "copies")
    return [steady("bookmakers", n, store, work, events, repeats, say,
                   streams=[(name, "three_way", 0) for name in copies(folder, n)], bookmakers_folder=folder)
            for n in steps]
