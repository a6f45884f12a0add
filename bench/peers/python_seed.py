"""The job as it was first written, in the plain way: redis-py in blocking calls inside the coroutine, one entry per
read, nothing processed until the buffer holds a full batch, a new HTTP session (and so new connections) for each batch,
which waits for its slowest request; then one look-up and one write per event, each a round trip. No retry.

    python_seed.py REDIS_PORT BOOKMAKER_PORT BET
"""
import asyncio
import json
import sys
import time

import redis
from aiohttp import ClientSession, TCPConnector

BATCH = 50
BETS = {
    "three_way": ("THREE_WAY", "3way", 10),
    "btts": ("BTTS", "btts", 43),
    "double_chance": ("DOUBLE_CHANCE", "double_chance", 46),
}


async def make_request(session, url, params):
    async with session.get(url, params=params) as response:
        if response.status != 200:
            raise SystemExit(f"status {response.status}")
        return await response.json()


async def process_payload(session, semaphore, url, params, bet, market_id):
    async with semaphore:
        data = await make_request(session, url, params)
    grouped = {event_id: [m for m in markets if m["id"] == market_id] for event_id, markets in data.items()}
    return [{"eventID": event_id, "betType": bet, "market": market["name"],
             "outcomes": {s["shortName"]: float(s["odds"]) for s in market["selections"]}}
            for event_id, markets in grouped.items() for market in markets]


def store_results(conn, lookup, key, all_data):
    existing, new = [], []
    for item in all_data:
        d_key = conn.get(lookup + item["eventID"])
        if d_key:
            existing.append((d_key, item))
        else:
            new.append(item)
    for d_key, item in existing:
        conn.hset(d_key, "bk:BookieDelta", json.dumps(item))
    for item in new:
        d_key = f"BookieDelta_{key}:{int(time.time())}-0-{item['eventID']}"
        conn.hset(d_key, "bk:BookieDelta", json.dumps(item))
        conn.set(lookup + item["eventID"], d_key)
        conn.xadd(f"{key}_stream", {"data_key": d_key})


async def run_extractor(redis_port, bookmaker_port, bet):
    conn = redis.Redis(port=int(redis_port), decode_responses=True)
    label, index, market_id = BETS[bet]
    stream_key = f"bookiedelta_{bet}-upcoming-0_event"
    group_name = f"bookiedelta_{bet}-upcoming-0_consumer_group"
    lookup = f"idx:lst{index}_upcoming:BookieDelta:"
    key = f"lst-{label}_upcoming"
    url = f"http://127.0.0.1:{bookmaker_port}/api/games/markets"
    conn.xgroup_create(stream_key, group_name, id="0", mkstream=True)

    buffer = []
    while True:
        for _, entries in conn.xreadgroup(group_name, "worker", {stream_key: ">"}, count=1, block=1000):
            buffer += [(entry_id, fields["event_id"]) for entry_id, fields in entries]
        if len(buffer) < BATCH:
            continue
        semaphore = asyncio.Semaphore(BATCH)
        async with ClientSession(connector=TCPConnector(limit=BATCH)) as session:
            results = await asyncio.gather(*[
                asyncio.create_task(process_payload(session, semaphore, url, {"games": event_id, "markets": market_id},
                                                    bet, market_id))
                for _, event_id in buffer])
        store_results(conn, lookup, key, [item for items in results for item in items])
        conn.xack(stream_key, group_name, *[entry_id for entry_id, _ in buffer])
        buffer.clear()


asyncio.run(run_extractor(*sys.argv[1:4]))
