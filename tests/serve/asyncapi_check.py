"""Validates what the feed told, and what it understood, against the document that describes it.

Usage: asyncapi_check.py asyncapi.json frames.jsonl feed.md
A line of frames is what was told, {"transport": "events", "frame": "id: ..\\nevent: ..\\ndata: ..\\n\\n"}, or
what a client said: {"transport": "socket", "said": "..", "understood": true}.
Every message and every member of the document must have been met, and feed.md must speak of the same events.
Prints what does not fit; exits with 1 then.
"""
import json
import re
import sys

from jsonschema import Draft7Validator


class Document:
    def __init__(self, root):
        self.root = root
        self.wrong, self.met, self.members, self.constants = [], set(), set(), set()

    def at(self, reference):
        node = self.root
        for name in reference.removeprefix("#/").split("/"):
            node = node[name]
        return self.at(node["$ref"]) if "$ref" in node else node

    def messages(self, channel, action):
        """The messages of a channel that the server sends or receives, by their names."""
        return {self.at(one["$ref"])["name"]: self.at(one["$ref"])
                for operation in self.root["operations"].values()
                if operation["action"] == action and operation["channel"]["$ref"] == f"#/channels/{channel}"
                for one in operation["messages"]}

    def errors(self, schema, value):
        whole = {"$schema": "http://json-schema.org/draft-07/schema#", "components": self.root["components"]}
        for error in Draft7Validator({**whole, "allOf": [schema]}).iter_errors(value):
            yield f"{list(error.absolute_path)} {error.message[:300]}"

    def note(self, value):
        """Which members and which words were met."""
        if isinstance(value, dict):
            self.members.update(value)
            for one in value.values():
                self.note(one)
        elif isinstance(value, list):
            for one in value:
                self.note(one)
        elif isinstance(value, str):
            self.constants.add(value)

    def told(self, channel, text):
        if channel == "events":
            fields = dict(line.split(": ", 1) for line in text.rstrip("\n").split("\n"))
            if set(fields) == {"retry"}:
                return
            payload, headers = json.loads(fields.pop("data")), fields
            name = fields["event"]
        else:
            payload, headers = json.loads(text), None
            name = payload["event"]
        message = self.messages(channel, "send").get(name)
        if not message:
            self.wrong.append(f"{channel}: '{name}' is not described")
            return
        self.met.add((channel, name))
        self.note(payload)
        problems = list(self.errors(message["payload"], payload))
        if headers is not None:
            problems += self.errors(message["headers"], headers)
        self.wrong += [f"{channel} {name} {problem}\n    {text[:300]}" for problem in problems]

    def said(self, text, understood):
        value = json.loads(text)
        fitting = [name for name, message in self.messages("socket", "receive").items()
                   if not list(self.errors(message["payload"], value))]
        if bool(fitting) != understood:
            self.wrong.append(f"said {text}: understood {understood}, described {bool(fitting)}")
        self.met.update(("socket", name) for name in fitting)
        if understood:
            self.note(value)


def described(node):
    """All names of members and all words that a message's schemas may hold."""
    if isinstance(node, dict):
        for name, one in node.get("properties", {}).items():
            yield "member", name
        words = node.get("enum", []) + [node["const"]] if "const" in node else node.get("enum", [])
        yield from (("word", word) for word in words if isinstance(word, str))
        for one in node.values():
            yield from described(one)
    elif isinstance(node, list):
        for one in node:
            yield from described(one)


def references(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for one in node.values():
            yield from references(one)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


def main():
    document = Document(json.load(open(sys.argv[1])))
    for reference in references(document.root):
        document.at(reference)
    for line in open(sys.argv[2]):
        frame = json.loads(line)
        if "said" in frame:
            document.said(frame["said"], frame["understood"])
        else:
            document.told(frame["transport"], frame["frame"])

    wrong = document.wrong
    channels = document.root["channels"]
    named = {(channel, document.at(one["$ref"])["name"])
             for channel in channels for one in channels[channel]["messages"].values()}
    operated = {(channel, name) for channel in channels for action in ("send", "receive")
                for name in document.messages(channel, action)}
    wrong += [f"of a channel, but of no operation: {one}" for one in named ^ operated]
    wrong += [f"never met: {one}" for one in sorted(named - document.met)]
    schemas = {name: one for name, one in document.root["components"]["schemas"].items() if name != "Refusal"}
    for what, name in sorted(set(described(schemas))):
        if name not in (document.members if what == "member" else document.constants):
            wrong.append(f"{what} never met: {name}")

    rows = re.findall(r"^\| (`[^|]*`) \|", open(sys.argv[3]).read(), re.MULTILINE)
    in_words = {name for row in rows for name in re.findall("`([a-z-]+)`", row)} - {"arbitrage"}
    sent = {name for channel in channels for name in document.messages(channel, "send")}
    wrong += [f"described in one of document and feed.md only: {one}" for one in sorted(in_words ^ sent)]
    for one in wrong[:20]:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
