"""Validates answers against the document that describes them.

Usage: openapi_check.py openapi.json answers.jsonl
A line of answers: {"route": "/v4/sports/{sport}/odds", "status": 200, "body": ...}
Prints what does not fit; exits with 1 then.
"""
import json
import sys

from jsonschema import Draft202012Validator


def main():
    document = json.load(open(sys.argv[1]))
    wrong, seen = 0, set()
    for line in open(sys.argv[2]):
        answer = json.loads(line)
        responses = document["paths"][answer["route"]]["get"]["responses"]
        described = responses[str(answer["status"])]["content"]["application/json"]["schema"]
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema",
                  "components": document["components"], **described}
        seen.add((answer["route"], answer["status"]))
        for error in Draft202012Validator(schema).iter_errors(answer["body"]):
            wrong += 1
            print(answer["route"], answer["status"], list(error.absolute_path), error.message[:300])
    missing = set(document["paths"]) - {route for route, status in seen if status == 200}
    if missing:
        print("no answer was seen of", sorted(missing))
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
