"""The job that every contender does, and what is right: stream names, layout of the results, prices.

The contract. A contender is told the ports of Redis and of the bookmaker and the bet types. Per bet type it makes the
consumer group of `stream(bet)` (that tells it is ready), takes entries `event_id ID`, asks the bookmaker for the event,
and stores: at `lookup(bet, ID)` a string that names a hash, in that hash a field `bk:BookieDelta` with JSON that has
the prices under `outcomes`. A new document's key is added to `announcements(bet)`. Then it acknowledges the entry. This is
oddsloom's layout (docs/redis.md) without what other contenders have no use for.
"""
import json

FIRST_EVENT = 9_500_000
FIELD = "bk:BookieDelta"

# label, name in the lookup, outcomes in the mock's order
BETS = {
    "three_way": ("THREE_WAY", "3way", ("1", "x", "2")),
    "btts": ("BTTS", "btts", ("yes", "no")),
    "double_chance": ("DOUBLE_CHANCE", "double_chance", ("1x", "x2", "12")),
}
JOBS = {"one": ["three_way"], "three": ["three_way", "btts", "double_chance"]}
FIRST_OUTCOME = {"three_way": 0, "btts": 3, "double_chance": 5}


def stream(bet):
    return f"bookiedelta_{bet}-upcoming-0_event"


def group(bet):
    return f"bookiedelta_{bet}-upcoming-0_consumer_group"


def lookup(bet, event):
    return f"idx:lst{BETS[bet][1]}_upcoming:BookieDelta:{event}"


def announcements(bet):
    return f"lst-{BETS[bet][0]}_upcoming_stream"


def prices(bet, event, number):
    """Outcome to hundredths, in pass `number`: the same arithmetic as in bench/mock/answers.h."""
    return {name: 101 + (event * 7919 + number * 104729 + (FIRST_OUTCOME[bet] + at) * 1299709) % 899
            for at, name in enumerate(BETS[bet][2])}


# One atomic step, so that nobody sees half a load. KEYS: streams; ARGV: first event, count. Gives the last id of each
# stream, and what Redis has used up to then.
LOAD = """
local out = {}
for event = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
  for i, key in ipairs(KEYS) do out[i] = redis.call('XADD', key, '*', 'event_id', string.format('%d', event)) end
end
table.insert(out, redis.call('INFO', 'cpu', 'commandstats'))
return out
"""


def load(redis, bets, first, count):
    """Adds one entry per event to the stream of each bet type; gives the last id of each, and redis_usage then."""
    *last, info = redis.eval(LOAD, len(bets), *map(stream, bets), first, count)
    return last, usage_of(info)


def redis_usage(redis):
    return usage_of(redis.eval("return redis.call('INFO', 'cpu', 'commandstats')", 0))


def usage_of(info):
    """CPU seconds and commands so far; without commands that only this harness sends while a contender works."""
    lines = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    own = ("cmdstat_eval", "cmdstat_info", "cmdstat_xinfo|groups")
    return {"redis_cpu": float(lines["used_cpu_user"]) + float(lines["used_cpu_sys"]),
            "commands": sum(int(text.split("=")[1].split(",")[0]) for name, text in lines.items()
                            if name.startswith("cmdstat_") and name not in own)}


def price_of(outcome):
    """Hundredths of 2.06, or of {"price": "2.06"} as oddsloom has it."""
    return round(float(outcome["price"] if isinstance(outcome, dict) else outcome) * 100)


def check(redis, bets, first, count, number):
    """How many documents there are, each counted as right, wrong or missing."""
    counted = {"right": 0, "wrong": 0, "missing": 0}
    for bet in bets:
        for begin in range(first, first + count, 1000):
            events = range(begin, min(begin + 1000, first + count))
            keys = redis.mget([lookup(bet, event) for event in events])
            pipe = redis.pipeline(transaction=False)
            for key in keys:
                pipe.hget(key or "-", FIELD)
            for event, text in zip(events, pipe.execute()):
                if text is None:
                    counted["missing"] += 1
                    continue
                stored = {name.lower(): price_of(o) for name, o in json.loads(text)["outcomes"].items()}
                counted["right" if stored == prices(bet, event, number) else "wrong"] += 1
    return counted
