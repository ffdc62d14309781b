"""Training a BiLSTM-CRF tagger on a corpus as fast as PyTorch does it: the fastest of several ways to write the loop."""
import itertools
import random
import time
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

BATCH = 16
# Rows are sorted by length within so many batches, as Ostinato does it.
WINDOW = 16
EMBEDDING = HIDDEN = 100


def read(file, most):
    """Sentences as lists of (character, tag)."""
    sentences, current = [], []
    with open(file, encoding="utf-8") as lines:
        for line in itertools.chain(lines, [""]):
            fields = line.split()
            if fields:
                current.append((fields[0], fields[-1]))
            elif current:
                sentences.append(current)
                current = []
    return sentences[:most]


class CRF(nn.Module):
    """Gold scores by indexing, all steps at once; only the recursion over time is a loop."""

    def __init__(self, tags, scaled):
        super().__init__()
        self.transitions = nn.Parameter(torch.randn(tags, tags) * 0.1)
        self.start = nn.Parameter(torch.randn(tags) * 0.1)
        self.end = nn.Parameter(torch.randn(tags) * 0.1)
        self.scaled = scaled

    def forward(self, emissions, tags, mask):
        time, batch, _ = emissions.shape
        chosen = emissions.gather(2, tags.unsqueeze(2)).squeeze(2)
        pairs = self.transitions[tags[:-1], tags[1:]]
        last = tags.gather(0, mask.long().sum(0, keepdim=True) - 1).squeeze(0)
        score = (chosen * mask).sum() + (pairs * mask[1:]).sum() + self.start[tags[0]].sum() + self.end[last].sum()
        return score - (self.by_scaling if self.scaled else self.by_logarithms)(emissions, mask)

    def by_logarithms(self, emissions, mask):
        alpha = self.start + emissions[0]
        for emission, alive in zip(emissions[1:].unbind(), mask[1:].bool().unsqueeze(2).unbind()):
            following = torch.logsumexp(alpha.unsqueeze(2) + self.transitions, 1) + emission
            alpha = torch.where(alive, following, alpha)
        return torch.logsumexp(alpha + self.end, 1).sum()

    def by_scaling(self, emissions, mask):
        """Probabilities instead of logarithms, one matrix product a step, scaled to sum to one."""
        peaks = emissions.max(2, keepdim=True).values
        likely = (emissions - peaks).exp()
        matrix = self.transitions.exp()
        alpha = self.start.exp() * likely[0]
        scales = []
        for emission, alive in zip(likely[1:].unbind(), mask[1:].bool().unsqueeze(2).unbind()):
            total = alpha.sum(1, keepdim=True)
            scales.append(total)
            alpha = alpha / total
            alpha = torch.where(alive, alpha @ matrix * emission, alpha)
        scales.append((alpha * self.end.exp()).sum(1, keepdim=True))
        return torch.stack(scales).log().sum() + (peaks.squeeze(2) * mask).sum()


class Tagger(nn.Module):
    def __init__(self, characters, tags, packed, scaled):
        super().__init__()
        self.embedding = nn.Embedding(characters, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, bidirectional=True)
        self.linear = nn.Linear(2 * HIDDEN, tags)
        self.dropout = nn.Dropout(0.5)
        self.crf = CRF(tags, scaled)
        self.packed = packed

    def loss(self, words, tags, mask, lengths):
        x = self.dropout(self.embedding(words))
        if self.packed:
            y, _ = pad_packed_sequence(self.lstm(pack_padded_sequence(x, lengths, enforce_sorted=True))[0])
        else:
            y, _ = self.lstm(x)
        return -self.crf(self.linear(self.dropout(y)), tags, mask) / len(lengths)


class Loop:
    """One way to train; `epoch` tells seconds and tokens."""

    def __init__(self, sentences, characters, tags, packed, scaled, fused):
        self.sentences = sentences
        self.tagger = Tagger(characters, tags, packed, scaled)
        self.optimizer = torch.optim.Adam(self.tagger.parameters(), 3e-3, fused=fused)
        self.random = random.Random(1)

    def batches(self):
        order = list(range(len(self.sentences)))
        self.random.shuffle(order)
        batches = []
        for at in range(0, len(order), WINDOW * BATCH):
            rows = sorted(order[at:at + WINDOW * BATCH], key=lambda row: -len(self.sentences[row][0]))
            batches += [rows[i:i + BATCH] for i in range(0, len(rows), BATCH)]
        self.random.shuffle(batches)
        return batches

    def step(self, rows):
        words, tags = (nn.utils.rnn.pad_sequence([self.sentences[row][k] for row in rows]) for k in (0, 1))
        lengths = torch.tensor([len(self.sentences[row][0]) for row in rows])
        mask = (torch.arange(len(words)).unsqueeze(1) < lengths).float()
        self.optimizer.zero_grad()
        self.tagger.loss(words, tags, mask, lengths).backward()
        nn.utils.clip_grad_norm_(self.tagger.parameters(), 5.0)
        self.optimizer.step()
        return int(lengths.sum())

    def epoch(self, most=None):
        start = time.perf_counter()
        tokens = sum(self.step(rows) for rows in self.batches()[:most])
        return {"seconds": time.perf_counter() - start, "amount": tokens}


def pace(epoch):
    return epoch["seconds"] / epoch["amount"]


class CorpusTraining:
    """The fastest loop. Padding reaches the backward direction of the LSTM unless `packed`, so that a loop without
    packing computes something else than Ostinato does; with `packed` only those count that compute the same."""

    def __init__(self, case, packed=False):
        sentences = read(case["file"], case.get("sentences"))
        characters = {c: i for i, c in enumerate(sorted({c for sentence in sentences for c, _ in sentence}), 2)}
        self.labels = sorted({tag[2:] for sentence in sentences for _, tag in sentence if tag != "O"})
        tags = {tag: i for i, tag in enumerate(["O", *(f"{place}-{label}" for label in self.labels for place in "BMES")])}
        self.sentences = [
            (torch.tensor([characters[c] for c, _ in sentence]), torch.tensor([tags[tag] for _, tag in sentence]))
            for sentence in sentences
        ]
        ways = itertools.product((True,) if packed else (True, False), (True, False), (True, False))
        loops = [Loop(self.sentences, len(characters) + 2, len(tags), *way) for way in ways]
        for loop in loops:
            loop.epoch(5)
        self.loop = min(loops, key=lambda loop: pace(loop.epoch(15)))

    def check(self):
        return [len(self.sentences), sum(len(words) for words, _ in self.sentences), len(self.labels)]

    def run(self):
        return self.loop.epoch()


TASKS = {"corpusTraining": CorpusTraining}
