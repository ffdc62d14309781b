"""A BiLSTM classifier as people write it in PyTorch: the model, and its training step."""
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from data import fill, ids, lengths, numbers

CHECKED_STEPS = 2
# Below every state of an LSTM, so that padding is never the maximum over time.
NEVER = -2.0


class Classifier(nn.Module):
    """Embedding, dropout, BiLSTM, maximum over time, dropout, linear."""

    def __init__(self, vocabulary, width, hidden, classes, dropout=0.5, dtype=torch.float32):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width, dtype=dtype)
        self.lstm = nn.LSTM(width, hidden, bidirectional=True, dtype=dtype)
        self.linear = nn.Linear(2 * hidden, classes, dtype=dtype)
        self.dropout = nn.Dropout(dropout)

    def forward(self, words, lengths):
        """Logits [batch, classes] of words [time, batch]; `lengths` is None where all rows are as long as `words`."""
        x = self.dropout(self.embedding(words))
        if lengths is None:
            y, _ = self.lstm(x)
        else:
            packed, _ = self.lstm(pack_padded_sequence(x, lengths, enforce_sorted=False))
            y, _ = pad_packed_sequence(packed, padding_value=NEVER)
        return self.linear(self.dropout(y.max(0).values))


def step(model, optimizer, words, lengths, classes, clip_norm=5.0):
    """One step of training; gives the loss before it."""
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(words, lengths), classes)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
    optimizer.step()
    return loss


class ClassifierTraining:
    """With `one_bias` the second bias stays, as for an engine that has only one."""

    def __init__(self, case, one_bias=False, dtype=torch.float32):
        self.case, self.one_bias, self.dtype = case, one_bias, dtype
        sizes = lengths(case)
        words = torch.from_numpy(ids(sum(sizes), case["vocabulary"], 1))
        self.words = nn.utils.rnn.pad_sequence(words.split(sizes))
        self.lengths = None if len(set(sizes)) == 1 else torch.tensor(sizes)
        self.classes = torch.from_numpy(ids(len(sizes), case["classes"], 2))
        self.start(dropout=0.5)

    def start(self, dropout):
        vocabulary, width, hidden, classes = (self.case[name] for name in ("vocabulary", "embedding", "hidden", "classes"))
        self.model = Classifier(vocabulary, width, hidden, classes, dropout, self.dtype)
        fill(self.model.lstm, 4, width, hidden, 2, 1)
        with torch.no_grad():
            for parameter, bound, seed in ((self.model.embedding.weight, 1, 11), (self.model.linear.weight, 1, 12), (self.model.linear.bias, 0.1, 13)):
                parameter.copy_(numbers(parameter.shape, bound, seed, self.dtype))
        if self.one_bias:
            for name, parameter in self.model.named_parameters():
                parameter.requires_grad_("bias_hh" not in name)
        self.optimizer = torch.optim.Adam(self.model.parameters(), 1e-3)

    def run(self):
        return step(self.model, self.optimizer, self.words, self.lengths, self.classes)

    def check(self):
        """Losses of the first steps without dropout, whose draws differ between engines; then dropout is on."""
        self.start(dropout=0.0)
        losses = [self.run().item() for _ in range(CHECKED_STEPS)]
        self.start(dropout=0.5)
        return losses


TASKS = {
    "classifierTraining": ClassifierTraining,
    "classifierTrainingOneBias": lambda case, **options: ClassifierTraining(case, one_bias=True, **options),
}
