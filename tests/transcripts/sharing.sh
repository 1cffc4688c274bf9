# For the treasury that is made next: two of finance decide about shares of keys.
more_rules='
[shares]
least_threshold = 2
most_shares = 5

[[rule]]
id = "ceremonies"
wallets = ["eth-cold"]
kinds = ["key_ceremony"]
assets = ["ETH"]
amount = "any"
destinations = "internal"
approvals = "2 of finance"
max_fee = "0"'
