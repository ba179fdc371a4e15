"""Twilio's official SDK beside our own code. Reads and writes JSON lines; see official.rs for what is asserted."""

import json
import random
import sys
from urllib.parse import urlencode

from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

TOKEN = "12345"


class Params(dict):
    """Parameters with several values, as web frameworks hand them over."""

    def getlist(self, name):
        return self[name]


def sign(seed):
    """Random webhooks signed by the SDK."""
    chance = random.Random(seed)
    words = ["Haan جی", "nahi", "a&b=c", "+92 300", "%41", "🙂", "x y", "", "ج" * 40, "<xml/>", "\"q\""]
    validator = RequestValidator(TOKEN)
    for number in range(300):
        url = chance.choice(["https://ops.example.pk", "https://ops.example.pk:8443", "http://127.0.0.1:7400"])
        url += chance.choice(["/hooks/twilio/t1", "/", "/a%20b"]) + chance.choice(["", "?x=1", "?b=2&a=%20", "?m=1"])
        names = chance.sample(["Body", "From", "To", "MessageSid", "body", "NumMedia", "ProfileName"], chance.randint(1, 6))
        params = Params({name: [chance.choice(words) for _ in range(chance.choice([1, 1, 1, 3]))] for name in names})
        algorithm = chance.choice(["HMAC_SHA1", "HMAC_SHA256"])
        pairs = [(name, value) for name, values in params.items() for value in values]
        chance.shuffle(pairs)
        signature = validator.compute_signature(url, params, algorithm)
        print(json.dumps({"url": url, "body": urlencode(pairs), "signature": signature, "algorithm": algorithm}))


def validate():
    """Whether the SDK believes the webhooks given."""
    for line in sys.stdin:
        case = json.loads(line)
        params = Params()
        for name, value in case["pairs"]:
            params.setdefault(name, []).append(value)
        print(json.dumps(RequestValidator(case["token"]).validate(case["url"], params, case["signature"])))


class Elsewhere(TwilioHttpClient):
    """Sends the SDK's own requests to a local server, and keeps their parameters."""

    def __init__(self, base):
        super().__init__()
        self.base = base
        self.sent = None

    def request(self, method, url, params=None, data=None, **rest):
        self.sent = data
        url = url.replace("https://api.twilio.com", self.base)
        return super().request(method, url, params=params, data=data, **rest)


def send(base, account, token):
    """The parameters the SDK sends for each call given, after a local server has taken them."""
    http = Elsewhere(base)
    client = Client(account, token, http_client=http)
    for line in sys.stdin:
        message = client.messages.create(**json.loads(line))
        print(json.dumps({"sid": message.sid, "sent": {k: v for k, v in http.sent.items() if v is not None and "unset" not in repr(v).lower()}}))


if __name__ == "__main__":
    {"sign": lambda: sign(int(sys.argv[2])), "validate": validate, "send": lambda: send(*sys.argv[2:5])}[sys.argv[1]]()
