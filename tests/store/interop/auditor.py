"""Another team's group on our work stream.  auditor.py PORT READ ACKNOWLEDGE: joins (at the beginning of the stream,
the first time), reads so many messages, and acknowledges so many of those it holds, the oldest first.
"""

import sys

import seed

GROUP, CONSUMER = "audit", "auditor"

redis_conn = seed.connect()
seed.create_consumer_group(redis_conn, seed.STREAM_KEY, GROUP)
for _ in range(int(sys.argv[2])):
    seed.say("read " + seed.read_one(redis_conn, GROUP, CONSUMER)[1]["event_id"])
held = redis_conn.xpending_range(seed.STREAM_KEY, GROUP, "-", "+", 100)
for entry in held[: int(sys.argv[3])]:
    assert redis_conn.xack(seed.STREAM_KEY, GROUP, entry["message_id"]) == 1
seed.say("done")
