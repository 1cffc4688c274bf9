#!/usr/bin/python3
"""Usage: nonce_bias.py BUILD_DIR [KEY]

100,000 signatures of each kind over different messages by one key, a fresh one unless KEY is 64 hex digits. The private
key gives each signature's nonce back. It must be the one of the specification (RFC 6979, BIP-340, RFC 8032), which
also says its sign where low s or an even y hides it. Then statistics judge the nonces as if nothing were known of their
origin, and must find nothing beyond 5 sigma; in each biased copy of the same nonces they must find the bias.
Prints a line a kind: what was signed, what was found, which biased copies were found out. Exits 1 when any of it is wrong.
"""

import collections
import hashlib
import hmac
import math
import secrets
import subprocess
import sys

N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # order of secp256k1 (SEC 2)
L = 2**252 + 27742317777372353535851937790883648493  # order of Ed25519's base point (RFC 8032, 5.1)

SIGNATURES = 100_000  # of fewer, the least of the biases below would not be found
MOST_SIGMA = 5
FALSE_ALARM = 2**-21  # about as rare
LENGTHS = 12  # of nonces, one bit apart; the shorter ones count together


def number(octets):
    return int.from_bytes(octets, "big")


def little(octets):
    return int.from_bytes(octets, "little")


# The nonces behind the signatures: recovered, and as specified.


def rfc6979(d, digest):
    """3.2, with SHA-256 for an order of 256 bits."""
    seed = d.to_bytes(32, "big") + (number(digest) % N).to_bytes(32, "big")
    mac = lambda key, message: hmac.digest(key, message, "sha256")
    k, v = bytes(32), b"\x01" * 32
    for step in (b"\x00", b"\x01"):
        k = mac(k, v + step + seed)
        v = mac(k, v)
    while True:
        v = mac(k, v)
        if 0 < number(v) < N:
            return number(v)
        k = mac(k, v + b"\x00")
        v = mac(k, v)


def up_to_sign(recovered, specified):
    return specified if N - recovered == specified else recovered


def of_ecdsa(key, _, digest, signature):
    d, r, s = number(key), number(signature[:32]), number(signature[32:])
    specified = rfc6979(d, digest)
    return up_to_sign((number(digest) + r * d) * pow(s, -1, N) % N, specified), specified


def tagged(tag, message):
    start = hashlib.sha256(tag).digest()
    return hashlib.sha256(start + start + message).digest()


AUXILIARY_MASK = number(tagged(b"BIP0340/aux", bytes(32)))


def of_schnorr(key, public_key, digest, signature):
    x = public_key[1:]
    d = number(key) if public_key[0] == 2 else N - number(key)
    e = number(tagged(b"BIP0340/challenge", signature[:32] + x + digest))
    specified = number(tagged(b"BIP0340/nonce", (d ^ AUXILIARY_MASK).to_bytes(32, "big") + x + digest)) % N
    return up_to_sign((number(signature[32:]) - e * d) % N, specified), specified


def of_ed25519(key, public_key, digest, signature):
    expanded = hashlib.sha512(key).digest()
    a = little(expanded[:32]) & ((1 << 254) - 8) | (1 << 254)
    h = little(hashlib.sha512(signature[:32] + public_key + digest).digest())
    return (little(signature[32:]) - h * a) % L, little(hashlib.sha512(expanded[32:] + digest).digest()) % L


def recovered_nonces(build, kind, of_signature, key):
    lines = subprocess.run([f"{build}/tests/bench/many_signatures", kind, key.hex(), str(SIGNATURES)], check=True, stdout=subprocess.PIPE,
                           text=True).stdout.split()
    public_key, *signatures = map(bytes.fromhex, lines)
    nonces = []
    for i, signature in enumerate(signatures):
        recovered, specified = of_signature(key, public_key, hashlib.sha256(i.to_bytes(8, "big")).digest(), signature)
        if recovered != specified:
            sys.exit(f"nonce_bias: {kind}: the nonce of message {i} is not as specified; the key was {key.hex()}")
        nonces.append(recovered)
    return nonces


# Statistics: how far, in sigma, numbers are from uniform ones below an order.


def off_the_mean(observed, probability, count):
    variance = count * probability * (1 - probability)
    if variance < FALSE_ALARM:
        return 0 if observed == round(count * probability) else math.inf
    return abs(observed - count * probability) / math.sqrt(variance)


def chi_square(observed, probabilities, count):
    """As a normal deviate (Wilson and Hilferty)."""
    cells = [(o, count * p) for o, p in zip(observed, probabilities)]
    if any(o and e < FALSE_ALARM for o, e in cells):
        return math.inf
    likely = [(o, e) for o, e in cells if e >= FALSE_ALARM]
    spread = 2 / (9 * (len(likely) - 1))
    statistic = sum((o - e) ** 2 / e for o, e in likely) / (len(likely) - 1)
    return abs(statistic ** (1 / 3) - (1 - spread)) / math.sqrt(spread)


def byte_probabilities(order, place):
    """Of each value of the byte that is worth 256^place."""
    unit = 256**place
    whole, rest = divmod(order, 256 * unit)
    return [(whole * unit + min(max(rest - value * unit, 0), unit)) / order for value in range(256)]


def lengths_off(nonces, order):
    longest = (order - 2**128).bit_length()  # longer than that is one Ed25519 nonce of 2^127
    found = collections.Counter(min(k.bit_length(), longest) for k in nonces)
    lengths = range(longest, longest - LENGTHS, -1)
    observed = [found[length] for length in lengths]
    below = [1, *(2**length / order for length in range(longest - 1, longest - LENGTHS - 1, -1))]
    probabilities = [more - less for more, less in zip(below, below[1:])]
    return chi_square([*observed, len(nonces) - sum(observed)], [*probabilities, below[-1]], len(nonces))


def judge(nonces, order):
    """What each test finds, in sigma."""
    count = len(nonces)
    octets = b"".join(k.to_bytes(32, "little") for k in nonces)
    bits, octet_values = [], []
    for place in range(32):
        found = collections.Counter(octets[place::32])
        probabilities = byte_probabilities(order, place)
        octet_values.append(chi_square([found[value] for value in range(256)], probabilities, count))
        for bit in range(8):
            has_bit = [value for value in range(256) if value >> bit & 1]
            bits.append(off_the_mean(sum(found[value] for value in has_bit), sum(probabilities[value] for value in has_bit), count))
    positive = [min(k, order - k) for k in nonces]
    certain = lambda is_found: math.inf if is_found else 0
    return {"bits": max(bits), "bytes": max(octet_values), "lengths": lengths_off(nonces, order),
            "shortest": certain(min(positive) * 2 * count < order * FALSE_ALARM), "repeated": certain(len(set(positive)) < count)}


# Each makes a biased copy, which the test named must find.
BIASED = {
    "top 4 bits zero": ("lengths", lambda nonces: [k >> 4 for k in nonces]),
    "lowest bit zero": ("bits", lambda nonces: [k & ~1 for k in nonces]),
    "bit 100 set in 52 of 100": ("bits", lambda nonces: [k | 1 << 100 if i % 25 == 0 else k for i, k in enumerate(nonces)]),
    "bit 9 as bit 8": ("bytes", lambda nonces: [k & ~(1 << 9) | (k >> 8 & 1) << 9 for k in nonces]),
    "1 of 1000 64 bits short": ("lengths", lambda nonces: [k >> 64 if i % 1000 == 0 else k for i, k in enumerate(nonces)]),
    "one 64 bits short": ("shortest", lambda nonces: [nonces[0] >> 64, *nonces[1:]]),
    "one repeated": ("repeated", lambda nonces: [nonces[1], *nonces[1:]]),
}

KINDS = {"ecdsa": ("ECDSA on secp256k1", N, of_ecdsa), "schnorr": ("BIP-340 Schnorr", N, of_schnorr), "ed25519": ("Ed25519", L, of_ed25519)}


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: nonce_bias.py BUILD_DIR [KEY]")
    build = sys.argv[1]
    key = bytes.fromhex(sys.argv[2]) if len(sys.argv) == 3 else secrets.token_bytes(32)
    for kind, (words, order, of_signature) in KINDS.items():
        nonces = recovered_nonces(build, kind, of_signature, key)
        found = judge(nonces, order)
        if max(found.values()) > MOST_SIGMA:
            sys.exit(f"nonce_bias: {kind}: biased nonces, in sigma: {found}; the key was {key.hex()}")
        for bias, (test, spoil) in BIASED.items():
            if judge(spoil(nonces), order)[test] <= MOST_SIGMA:
                sys.exit(f"nonce_bias: {kind}: the test of {test} does not find nonces with the bias: {bias}")
        shortest = min(k.bit_length() for k in nonces)
        print(f"{words}, {SIGNATURES} signatures\tbits {found['bits']:.1f}, bytes {found['bytes']:.1f}, lengths {found['lengths']:.1f} sigma; "
              f"shortest {shortest} bits, none repeated\t{len(BIASED)} of {len(BIASED)} biases found", flush=True)


main()
