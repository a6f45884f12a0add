"""Creates documents as the seed does when its search found none.  seed_writer.py PORT EVENT_ID ..: says their keys.

Beside what the seed writes, a document here has members that only its writer knows, and another bookmaker's branch.
An event whose id is no number has event_id, and no eventId_gameId.
"""

import sys
import time

from redis.commands.json.path import Path

import seed


def transformed(event_id):
    prices = {"1": "1.50", "X": "4.10", "2": "6.00"}
    item = {
        "bookmaker": "BookieDelta",
        "start_time": "",
        "competition_name": "",
        "teams": {
            "Northgate;Southquay": {
                key: {"odd_value": odd, "odd_status": "Open", "outcome": key} for key, odd in prices.items()
            }
        },
        "event_status": "Open",
        "market_id": 77,
        "create_date": int(time.time()),
        "target_date": "",
        "rating": {"of": "the writer", "stars": [1, 2.5, None]},
    }
    item["eventId_gameId" if event_id.isdigit() else "event_id"] = int(event_id) if event_id.isdigit() else event_id
    for key, odd in prices.items():
        item[key] = {"odd_": odd, "selection_id": 5, "odds_status": "Open", "split(%)": "", "currency": "KES"}
    return item


redis_conn = seed.connect()
for event_id in sys.argv[2:]:
    new_data = {
        "match_team_objects": {
            "BookieDelta": transformed(event_id),
            "BookieAlpha": {"bookmaker": "BookieAlpha", "eventId_gameId": 5, "teams": {}, "outcomes": {"1": {}}},
        },
        "teams": "Northgate;Southquay",
        "created": time.time(),
        "arbitrage": 0,
        "operator": {"note": "keep me", "numbers": [12345678901234567, 1.1]},
    }
    # The seed's keys have a resolution of one second, and no event id: wait for a free one.
    deadline = time.time() + 10
    json_key = f"sportPesa_{seed.KEY}:{int(time.time())}-{seed.PERIOD}"
    while redis_conn.exists(json_key) and time.time() < deadline:
        time.sleep(0.02)
        json_key = f"sportPesa_{seed.KEY}:{int(time.time())}-{seed.PERIOD}"
    redis_conn.json().set(json_key, Path.root_path(), new_data)
    stream_id = redis_conn.xadd(f"{seed.KEY}_stream", {"data_key": json_key})
    assert stream_id
    seed.say(json_key)
seed.say("done")
