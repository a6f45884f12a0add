"""The seed's extractor in our consumer group, under the seed's own consumer name, which dies in the middle of its
work.  extractor.py PORT READ ACKNOWLEDGE: reads so many messages, acknowledges the first so many, says which, and
waits to be killed.
"""

import signal
import sys

import seed

redis_conn = seed.connect()
seed.create_consumer_group(redis_conn, seed.STREAM_KEY, seed.GROUP_NAME)
message_buffer = [seed.read_one(redis_conn) for _ in range(int(sys.argv[2]))]
for number, (msg_id, fields) in enumerate(message_buffer):
    if number < int(sys.argv[3]):
        assert redis_conn.xack(seed.STREAM_KEY, seed.GROUP_NAME, msg_id) == 1
        seed.say(f"acknowledged {fields['event_id']}")
    else:
        seed.say(f"holds {fields['event_id']}")
seed.say("done")
signal.pause()
