# For the treasury that is made next: a hot wallet, which pays under standing orders without a person.
tier=hot
presence=none
