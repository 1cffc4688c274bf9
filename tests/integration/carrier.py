"""What somebody who carries the stick can do: take a bundle apart and put it together otherwise.

A bundle is unsigned, so a change shows only in what is inside: deterministic CBOR as in coffer-protocol(5).
"""

import hashlib

UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, SIMPLE = 0, 1, 2, 3, 4, 5, 7
CONSTANTS = {20: False, 21: True, 22: None}


def decode(data):
    value, rest = decode_item(data)
    assert not rest
    return value


def decode_item(data):
    kind, argument, rest = decode_head(data)
    if kind == UNSIGNED:
        return argument, rest
    if kind == NEGATIVE:
        return -1 - argument, rest
    if kind in (BYTES, TEXT):
        item = rest[:argument]
        return (item if kind == BYTES else item.decode()), rest[argument:]
    if kind == SIMPLE:
        return CONSTANTS[argument], rest
    items = []
    for _ in range(argument * (2 if kind == MAP else 1)):
        item, rest = decode_item(rest)
        items.append(item)
    return (dict(zip(items[::2], items[1::2])) if kind == MAP else items), rest


def decode_head(data):
    kind, short = data[0] >> 5, data[0] & 31
    if short < 24:
        return kind, short, data[1:]
    size = 1 << (short - 24)
    return kind, int.from_bytes(data[1:1 + size], "big"), data[1 + size:]


def encode(value):
    if value is None or isinstance(value, bool):
        return encode_head(SIMPLE, next(number for number, constant in CONSTANTS.items() if constant is value))
    if isinstance(value, int):
        return encode_head(UNSIGNED, value) if value >= 0 else encode_head(NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return encode_head(BYTES, len(value)) + value
    if isinstance(value, str):
        return encode_head(TEXT, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return encode_head(ARRAY, len(value)) + b"".join(encode(item) for item in value)
    pairs = sorted((encode(key), encode(item)) for key, item in value.items())
    return encode_head(MAP, len(pairs)) + b"".join(key + item for key, item in pairs)


def encode_head(kind, argument):
    if argument < 24:
        return bytes([kind << 5 | argument])
    size = next(size for size in (1, 2, 4, 8) if argument < 1 << 8 * size)
    return bytes([kind << 5 | (23 + size.bit_length())]) + argument.to_bytes(size, "big")


def hash_as(kind, body):
    return hashlib.sha256(f"coffer/v1/{kind}".encode() + b"\0" + body).digest()


def entry_hash(artefact):
    envelope = decode(artefact)
    return hash_as(envelope[0].removeprefix("coffer-"), envelope[2])


def link_hash(link):
    number, previous, artefact = link
    return hash_as("link", encode([number, previous, entry_hash(artefact)]))


def linked(artefacts, after=None):
    """The artefacts one after the other as links that fit, from link 0 on or after the given link."""
    links = []
    for artefact in artefacts:
        previous = links[-1] if links else after
        links.append([previous[0] + 1, link_hash(previous), artefact] if previous else [0, bytes(32), artefact])
    return links


def with_body(artefact, change):
    """The artefact with another body under the signatures that it has."""
    envelope = decode(artefact)
    body = decode(envelope[2])
    change(body)
    return encode(envelope | {2: encode(body)})


class Bundle:
    """`links` are [number, previous link, artefact], `requests` are [request, payloads, votes, signatures]."""

    LINKS, HEADS, REQUESTS = 2, 4, 6

    def __init__(self, path):
        with open(path, "rb") as file:
            self.envelope = decode(file.read())
        self.body = decode(self.envelope[2])

    @property
    def links(self):
        return self.body[self.LINKS]

    @links.setter
    def links(self, links):
        self.body[self.LINKS] = links

    @property
    def requests(self):
        return self.body[self.REQUESTS]

    def strip_heads(self):
        self.body[self.HEADS] = []

    def write(self, path):
        with open(path, "wb") as file:
            file.write(encode(self.envelope | {2: encode(self.body)}))


def request_in_review(path):
    """What a review file carries of its request, as a bundle does."""
    with open(path, "rb") as file:
        return decode(decode(file.read())[2])[4]
