# For the treasury that is made next: at most 200 ETH in two days, and three requests of one officer.
more_rules='
[[limit]]
id = "two-days"
wallets = ["eth-cold"]
assets = ["ETH"]
destinations = "any"
requesters = "any"
span = "48h"
amount = "200"

[[limit]]
id = "a-day"
wallets = "any"
assets = "any"
destinations = "any"
requesters = "any"
per = ["requester"]
span = "1d"
count = 3'
