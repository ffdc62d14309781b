"""Smoothed n-gram models of characters, straight from their papers: slow, short and independent of the library.

usage: ngrams.py TEXT [ORDER] [--modified]

Learns from the first nine tenths of a text and prints the perplexity of the last tenth as JSON. Both
models are interpolated down to a uniform distribution over the symbols seen and one that stands for all
others. Witten-Bell: Witten and Bell 1991, method C. Kneser-Ney: Kneser and Ney 1995 as in Chen and Goodman
1999, one discount n1 / (n1 + 2 n2) for each length of n-grams, or with --modified their three.
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
    """Discounts of counts of 0, 1, 2 and 3 or more."""
    if n[1] == 0 or n[2] == 0:
        return [0, 0.5, 0.5, 0.5]
    y = n[1] / (n[1] + 2 * n[2])
    if not modified or n[3] == 0 or n[4] == 0:
        return [0, y, y, y]
    return [0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]


def perplexity(model, text):
    start = model.order - 1
    logs = (math.log(model.probability(text[max(0, i - start) : i], text[i])) for i in range(len(text)))
    return math.exp(-math.fsum(logs) / len(text))


def main():
    path, order, *rest = [*sys.argv[1:], "6"][:3] if len(sys.argv) < 3 else sys.argv[1:]
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    cut = len(text) * 9 // 10
    train, test = text[:cut], text[cut:]
    models = {
        "wittenBell": WittenBell(train, int(order)),
        "kneserNey": KneserNey(train, int(order), "--modified" in rest),
    }
    print(json.dumps({name: perplexity(model, test) for name, model in models.items()}))


main()
