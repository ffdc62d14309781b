"""Smoothed n-gram models of characters, straight from their papers: short, slow, and independent of the library.

usage: ngrams.py TRAIN TEST ORDER

Learns from one text and prints the perplexities of another as JSON. All models are interpolated down to a
uniform distribution over the symbols seen and one that stands for all others. Witten-Bell: Witten and Bell
1991, method C. Kneser-Ney: Kneser and Ney 1995, with one discount n1 / (n1 + 2 n2) for each length of n-grams;
modified, with the three of Chen and Goodman 1999.
"""

import json
import math
import sys
from collections import Counter, defaultdict


def occurrences(text, order):
    """For each length: how often each n-gram occurs."""
    return [Counter(text[i : i + n] for i in range(len(text) - n + 1)) for n in range(1, order + 1)]


def continuations(text, counts):
    """The same, but below the order: how many different symbols each n-gram was seen behind."""
    lower = [Counter(longer[1:] for longer in counts[n + 1]) for n in range(len(counts) - 1)]
    for n, counter in enumerate(lower):
        counter[text[: n + 1]] += 1  # what the text begins with stands behind nothing
    return [*lower, counts[-1]]


def followers(counts):
    """For each length of context: the counts of what follows it."""
    tables = []
    for counter in counts:
        table = defaultdict(list)
        for gram, count in counter.items():
            table[gram[:-1]].append(count)
        tables.append(table)
    return tables


class WittenBell:
    def __init__(self, text, order):
        self.order, self.counts = order, occurrences(text, order)
        self.followers = {context: (sum(c), len(c)) for table in followers(self.counts) for context, c in table.items()}
        self.base = 1 / (len(self.counts[0]) + 1)

    def probability(self, context, symbol):
        lower = self.base if context is None else self.probability(context[1:] if context else None, symbol)
        if context is None or context not in self.followers:
            return lower
        total, kinds = self.followers[context]
        return (self.counts[len(context)][context + symbol] + kinds * lower) / (total + kinds)


class KneserNey:
    def __init__(self, text, order, modified):
        self.order, self.counts = order, continuations(text, occurrences(text, order))
        self.base = 1 / (len(self.counts[0]) + 1)
        self.discounts = [discounts(Counter(c.values()), modified) for c in self.counts]
        self.followers = {}
        for d, table in zip(self.discounts, followers(self.counts)):
            for context, c in table.items():
                total = sum(c)
                self.followers[context] = (total, sum(d[min(count, 3)] for count in c) / total)

    def probability(self, context, symbol):
        lower = self.base if context is None else self.probability(context[1:] if context else None, symbol)
        if context is None or context not in self.followers:
            return lower
        total, rest = self.followers[context]
        count = self.counts[len(context)][context + symbol]
        return (count - self.discounts[len(context)][min(count, 3)]) / total + rest * lower


def discounts(n, modified):
    """Discounts of counts of 0, 1, 2 and 3 or more; 1/2 where there are too few rare ones to tell."""
    y = n[1] / (n[1] + 2 * n[2]) if n[1] and n[2] else 0.5
    if modified and all(n[count] for count in (1, 2, 3, 4)):
        three = [1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]
        if min(three) > 0:
            return [0, *three]
    return [0, y, y, y]


def perplexity(model, text):
    start = model.order - 1
    logs = (math.log(model.probability(text[max(0, i - start) : i], text[i])) for i in range(len(text)))
    return math.exp(-math.fsum(logs) / len(text))


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def main():
    train, test, order = read(sys.argv[1]), read(sys.argv[2]), int(sys.argv[3])
    models = {
        "wittenBell": lambda: WittenBell(train, order),
        "kneserNey": lambda: KneserNey(train, order, modified=False),
        "modifiedKneserNey": lambda: KneserNey(train, order, modified=True),
    }
    print(json.dumps({name: perplexity(make(), test) for name, make in models.items()}))


main()
