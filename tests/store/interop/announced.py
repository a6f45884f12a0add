"""A consumer of announcements, as the seed's next step is: takes the key, reads the document, works with the seed's
members.  announced.py PORT COUNT: the first so many announcements, and that there are no more.
"""

import json
import sys

import seed

STREAM, GROUP = f"{seed.KEY}_stream", "next_step"

redis_conn = seed.connect()
seed.create_consumer_group(redis_conn, STREAM, GROUP)
for _ in range(int(sys.argv[2])):
    msg_id, fields = seed.read_one(redis_conn, GROUP, "reader", STREAM)
    assert list(fields) == ["data_key"], fields
    key = fields["data_key"]
    seed.say(f"key {key}")

    document = redis_conn.hgetall(key)
    item = json.loads(document["bk:BookieDelta"])
    assert type(item["eventId_gameId"]) is int and type(item["create_date"]) is int, item
    for member in ("bookmaker", "start_time", "competition_name", "event_status", "eventId_gameId", "market_id",
                   "create_date", "target_date"):
        seed.say(f"{member} {item[member]}")
    (pair, outcomes), = item["teams"].items()
    assert pair.count(";") == 1, pair
    seed.say(f"teams {pair}")
    for name, outcome in outcomes.items():
        assert outcome["outcome"] == name, outcomes
        beside = item[name]
        assert beside["odd_"] == outcome["odd_value"] and beside["odds_status"] == outcome["odd_status"], item
        assert beside["split(%)"] == "" and beside["currency"] == "", item
        seed.say(f"outcome {name} {float(outcome['odd_value'])} {outcome['odd_status']} {beside['selection_id']}")
    assert redis_conn.xack(STREAM, GROUP, msg_id) == 1
assert redis_conn.xlen(STREAM) == int(sys.argv[2])
seed.say("done")
