"""A Bitcoin node of tests/peers/bitcoin-node, and its JSON-RPC."""

import base64
import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from decimal import Decimal

PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers")


class RpcError(Exception):
    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]
        self.message = error["message"]


class BitcoinNode:
    """`file` is what the node wrote when it started."""

    def __init__(self, file):
        with open(file, encoding="utf-8") as text:
            self.description = json.load(text)
        with open(self.description["cookie_file"], encoding="utf-8") as text:
            self.credentials = text.read()

    @classmethod
    def start(cls, folder, *options):
        file = os.path.join(folder, "bitcoin-node.json")
        subprocess.run([os.path.join(PEERS, "bitcoin-node"), file, "--owner", str(os.getpid()), *options], check=True)
        return cls(file)

    def stop(self):
        os.kill(self.description["pid"], signal.SIGTERM)

    def post(self, body, credentials=None):
        """The HTTP status and the text of the answer."""
        authorization = base64.b64encode((credentials or self.credentials).encode()).decode()
        headers = {"authorization": f"Basic {authorization}"}
        request = urllib.request.Request(self.description["url"], body.encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def call(self, method, *params):
        _, text = self.post(json.dumps({"id": 1, "method": method, "params": params}))
        return result_of(json.loads(text, parse_float=Decimal))

    def batch(self, calls):
        """The answers to [(method, params), …], in that order."""
        body = [{"id": i, "method": method, "params": params} for i, (method, params) in enumerate(calls)]
        _, text = self.post(json.dumps(body))
        return [result_of(answer) for answer in json.loads(text, parse_float=Decimal)]


def result_of(answer):
    if answer["error"]:
        raise RpcError(answer["error"])
    return answer["result"]
