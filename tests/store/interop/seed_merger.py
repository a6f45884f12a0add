"""Merges into the documents of an event, as the seed does when its search found some.
seed_merger.py PORT EVENT_ID JSON: says the keys of the documents found.
"""

import sys

from redis.commands.search.query import Query

import seed

redis_conn = seed.connect()
eventId_gameId, item = sys.argv[2], sys.argv[3]
query = Query(f"@BookieDelta_eventID:[{eventId_gameId} {eventId_gameId}]").return_fields("__key")
result = redis_conn.ft(seed.INDEX_NAME).search(query)
for doc in result.docs:
    d_key = getattr(doc, "__key")
    # As redis-py's json().merge of later versions sends it.
    assert redis_conn.execute_command("JSON.MERGE", d_key, "$.match_team_objects.BookieDelta", item) == "OK"
    seed.say(d_key)
seed.say("done")
