"""Step 1 in Python: puts event ids on the work stream, in all the ways a message may name one, and some that name
none.  step1.py PORT [event id ..]: without ids the whole variety.
"""

import sys

import seed

VARIETY = [
    {"event_id": 9124281},
    {"eventId": "9124282"},
    {"data_key": "BookieAlpha_lst-THREE_WAY_live:1786289400-0-9124283"},
    {b"event_id": b"9124284", b"home": "Bodø/Glimt".encode(), b"away": b"Southquay United"},
    {"key_path": "live:events:9124285"},
    {"event_id": "9124286", "start_time": 1935925200, "sport_id": 14, "colour": "of another program"},
    {"hello": "world"},
    {"event_id": ""},
    {"event_id": "9124287", "start_time": "soon"},
    {"event_id": "12345678901234567"},
]

redis_conn = seed.connect()
for message in [{"event_id": event_id} for event_id in sys.argv[2:]] or VARIETY:
    redis_conn.xadd(seed.STREAM_KEY, message)
seed.say("done")
