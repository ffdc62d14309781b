"""A BiLSTM-CRF tagger as people write it in PyTorch: its training step and its decoding."""
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from data import digest, fill, ids, lengths, numbers

CHECKED_STEPS = 2


class CRF(nn.Module):
    def __init__(self, tags, dtype):
        super().__init__()
        self.transitions = nn.Parameter(numbers((tags, tags), 0.1, 21, dtype))
        self.start = nn.Parameter(numbers((tags,), 0.1, 22, dtype))
        self.end = nn.Parameter(numbers((tags,), 0.1, 23, dtype))

    def forward(self, emissions, tags, mask):
        """Sum of the rows' log-likelihoods; emissions [time, batch, tags]."""
        time, batch, _ = emissions.shape
        rows = torch.arange(batch)
        score = self.start[tags[0]] + emissions[0, rows, tags[0]]
        for i in range(1, time):
            score = score + (self.transitions[tags[i - 1], tags[i]] + emissions[i, rows, tags[i]]) * mask[i]
        last = mask.long().sum(0) - 1
        score = score + self.end[tags[last, rows]]
        alpha = self.start + emissions[0]
        for i in range(1, time):
            following = torch.logsumexp(alpha.unsqueeze(2) + self.transitions + emissions[i].unsqueeze(1), 1)
            alpha = torch.where(mask[i].bool().unsqueeze(1), following, alpha)
        return (score - torch.logsumexp(alpha + self.end, 1)).sum()

    def decode(self, emissions, mask):
        time, batch, _ = emissions.shape
        alpha = self.start + emissions[0]
        history = []
        for i in range(1, time):
            following, best = (alpha.unsqueeze(2) + self.transitions + emissions[i].unsqueeze(1)).max(1)
            alpha = torch.where(mask[i].bool().unsqueeze(1), following, alpha)
            history.append(best)
        alpha = alpha + self.end
        last = mask.long().sum(0) - 1
        paths = []
        for row in range(batch):
            tag = alpha[row].argmax().item()
            path = [tag]
            for best in reversed(history[:last[row]]):
                tag = best[row][tag].item()
                path.append(tag)
            paths.append(path[::-1])
        return paths


class Tagger(nn.Module):
    def __init__(self, case, dropout, sparse, dtype):
        super().__init__()
        vocabulary, width, hidden, tags = (case[name] for name in ("vocabulary", "embedding", "hidden", "tags"))
        self.embedding = nn.Embedding(vocabulary, width, sparse=sparse, dtype=dtype)
        self.lstm = nn.LSTM(width, hidden, bidirectional=True, dtype=dtype)
        self.linear = nn.Linear(2 * hidden, tags, dtype=dtype)
        self.dropout = nn.Dropout(dropout)
        self.crf = CRF(tags, dtype)
        fill(self.lstm, 4, width, hidden, 2, 1)
        with torch.no_grad():
            self.embedding.weight.copy_(numbers((vocabulary, width), 1, 11, dtype))
            self.linear.weight.copy_(numbers((tags, 2 * hidden), 1, 12, dtype))
            self.linear.bias.copy_(numbers((tags,), 0.1, 13, dtype))

    def emissions(self, words, lengths):
        """[time, batch, tags]; `lengths` is None where all rows are as long as `words`."""
        x = self.dropout(self.embedding(words))
        if lengths is None:
            y, _ = self.lstm(x)
        else:
            packed, _ = self.lstm(pack_padded_sequence(x, lengths, enforce_sorted=False))
            y, _ = pad_packed_sequence(packed)
        return self.linear(self.dropout(y))


class Batch:
    """Word and tag ids, padded and time-major."""

    def __init__(self, case, dtype):
        self.sizes = lengths(case)
        total, longest = sum(self.sizes), max(self.sizes)
        words, tags = ids(total, case["vocabulary"], 1), ids(total, case["tags"], 2)
        self.words, self.tags = (torch.zeros(longest, len(self.sizes), dtype=torch.long) for _ in range(2))
        self.mask = torch.zeros(longest, len(self.sizes), dtype=dtype)
        at = 0
        for row, size in enumerate(self.sizes):
            self.words[:size, row] = torch.from_numpy(words[at:at + size])
            self.tags[:size, row] = torch.from_numpy(tags[at:at + size])
            self.mask[:size, row] = 1
            at += size
        self.lengths = None if min(self.sizes) == longest else torch.tensor(self.sizes)


class TaggerTraining:
    """With `sparse`, the embedding's gradient is sparse and left out of clipping, which has no sparse norm."""

    def __init__(self, case, sparse=False, dtype=torch.float32):
        self.case, self.sparse, self.dtype = case, sparse, dtype
        self.batch = Batch(case, dtype)
        self.start(dropout=0.5)

    def start(self, dropout):
        self.tagger = Tagger(self.case, dropout, self.sparse, self.dtype)
        self.dense = [p for name, p in self.tagger.named_parameters() if not (self.sparse and name == "embedding.weight")]
        self.optimizers = [torch.optim.Adam(self.dense, 1e-3)]
        if self.sparse:
            self.optimizers.append(torch.optim.SparseAdam([self.tagger.embedding.weight], 1e-3))

    def run(self):
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        batch = self.batch
        loss = -self.tagger.crf(self.tagger.emissions(batch.words, batch.lengths), batch.tags, batch.mask) / self.case["batch"]
        loss.backward()
        nn.utils.clip_grad_norm_(self.dense, 5.0)
        for optimizer in self.optimizers:
            optimizer.step()
        return loss

    def check(self):
        """Losses of the first steps without dropout, whose draws differ between engines; then dropout is on."""
        self.start(dropout=0.0)
        losses = [self.run().item() for _ in range(CHECKED_STEPS)]
        self.start(dropout=0.5)
        return losses


class TaggerDecode:
    def __init__(self, case, dtype=torch.float32):
        self.batch = Batch(case, dtype)
        self.tagger = Tagger(case, 0.5, False, dtype).eval()

    def run(self):
        with torch.inference_mode():
            emissions = self.tagger.emissions(self.batch.words, self.batch.lengths)
            self.paths = self.tagger.crf.decode(emissions, self.batch.mask)

    def check(self):
        self.run()
        return digest(torch.tensor([tag for path in self.paths for tag in path]))


TASKS = {"taggerTraining": TaggerTraining, "taggerDecode": TaggerDecode}
