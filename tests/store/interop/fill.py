"""Documents that were there before: fill.py PORT COUNT, of the events 1 to COUNT."""

import json
import sys

import seed

redis_conn = seed.connect()
pipe = redis_conn.pipeline(transaction=False)
for number in range(1, int(sys.argv[2]) + 1):
    branch = {"bookmaker": "BookieDelta", "eventId_gameId": number, "teams": {}}
    document = json.dumps({"match_team_objects": {"BookieDelta": branch}, "created": 1})
    pipe.execute_command("JSON.SET", f"sportPesa_{seed.KEY}:{number}-0", "$", document)
    if number % 1000 == 0:
        pipe.execute()
pipe.execute()
seed.say("done")
