"""The job that every contender does, and what is right: stream names, layout of the results, prices.

The contract. A contender is told the ports of Redis and of the bookmaker and the bet types. Per bet type it makes the
consumer group of `stream(bet, source)` (that tells it is ready), takes entries `event_id ID`, asks the bookmaker for
the event, and stores: at `lookup(bet, source, ID)` a string that names a hash, in that hash a field `bk:BookieDelta`
with JSON that has the prices under `outcomes`. A new document's key is added to `announcements(bet, source)`. Then it
acknowledges the entry. This is oddsloom's layout (docs/redis.md) without what other contenders have no use for.
"""

FIRST_EVENT = 9_500_000
FIELD = "bk:BookieDelta"

# label, name in the lookup, outcomes in the mock's order
BETS = {
    "three_way": ("THREE_WAY", "3way", ("1", "x", "2")),
    "btts": ("BTTS", "btts", ("yes", "no")),
    "double_chance": ("DOUBLE_CHANCE", "double_chance", ("1x", "x2", "12")),
}
FIRST_OUTCOME = {"three_way": 0, "btts": 3, "double_chance": 5}


def stream(bet, source):
    return f"bookiedelta_{bet}-{source}-0_event"


def group(bet, source):
    return f"bookiedelta_{bet}-{source}-0_consumer_group"


def lookup(bet, source, event):
    return f"idx:lst{BETS[bet][1]}_{source}:BookieDelta:{event}"


def announcements(bet, source):
    return f"lst-{BETS[bet][0]}_{source}_stream"


def prices(bet, event, number):
    """Outcome to hundredths, in pass `number`: the same arithmetic as in bench/mock/answers.h."""
    return {name: 101 + (event * 7919 + number * 104729 + (FIRST_OUTCOME[bet] + at) * 1299709) % 899
            for at, name in enumerate(BETS[bet][2])}


def verdict(bet, event, number, outcomes):
    """right, wrong or missing. outcomes: name to 2.06 or, as oddsloom has it, {"price": "2.06"}; None: no document."""
    if outcomes is None:
        return "missing"
    prices_of = {name.lower(): o["price"] if isinstance(o, dict) else o for name, o in outcomes.items()}
    stored = {name: round(float(price) * 100) for name, price in prices_of.items()}
    return "right" if stored == prices(bet, event, number) else "wrong"
