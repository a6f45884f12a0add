"""The seed's names and ways, for the programs of this folder: what a Python team has running beside the store.

Runs under Debian's python3-redis (/usr/bin/python3), which speaks RESP2. Programs print what they did, one thing a
line, and "done" at the end.
"""

import sys

import redis

BET_TYPE = "three_way"
SOURCE = "live"
PERIOD = 0

STREAM_KEY = f"bookiedelta_{BET_TYPE}-{SOURCE}-{PERIOD}_event"
GROUP_NAME = f"bookiedelta_{BET_TYPE}-{SOURCE}-{PERIOD}_consumer_group"
CONSUMER_NAME = f"bookiedelta_{BET_TYPE}-{SOURCE}-{PERIOD}_worker"

KEY = f"lst-THREE_WAY_{SOURCE}"
INDEX_NAME = f"idx:lst3way_{SOURCE}"


def connect():
    """The server whose port is the first argument."""
    return redis.Redis(port=int(sys.argv[1]), decode_responses=True)


def create_consumer_group(redis_conn, stream_key, group_name):
    try:
        redis_conn.xgroup_create(stream_key, group_name, id="0", mkstream=True)
    except redis.ResponseError as e:
        if "BUSYGROUP" not in str(e):
            raise


def read_one(redis_conn, group_name=GROUP_NAME, consumer_name=CONSUMER_NAME, stream_key=STREAM_KEY):
    """The next message never given to the group: (id, fields)."""
    messages = redis_conn.xreadgroup(group_name, consumer_name, {stream_key: ">"}, count=1, block=10000)
    assert messages, f"nothing arrived on {stream_key}"
    (_, [(msg_id, fields)]), = messages
    return msg_id, fields


def say(text):
    print(text, flush=True)
