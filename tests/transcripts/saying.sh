# For the treasury that is made next: one officer of finance has texts signed.
more_rules='
[[rule]]
id = "saying"
wallets = ["eth-cold"]
kinds = ["message"]
assets = ["ETH"]
amount = "any"
destinations = "internal"
approvals = "1 of finance"
max_fee = "0"'
