"""A character LSTM as people write it in PyTorch: the model, and its training step with the state carried from piece to piece."""
import torch
import torch.nn as nn
from data import fill, ids, numbers

CHECKED_STEPS = 2


class Language(nn.Module):
    """Embedding, LSTM with dropout between its layers, linear."""

    def __init__(self, vocabulary, width, hidden, layers, dropout, dtype):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width, dtype=dtype)
        self.lstm = nn.LSTM(width, hidden, layers, dropout=dropout, dtype=dtype)
        self.linear = nn.Linear(hidden, vocabulary, dtype=dtype)

    def forward(self, x, state):
        y, state = self.lstm(self.embedding(x), state)
        return self.linear(y), state


def step(model, optimizer, x, y, state, clip_norm=5.0):
    """One step of training over a piece `[time, batch]`; gives the loss before it and the state after the piece."""
    optimizer.zero_grad()
    logits, state = model(x, state)
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), clip_norm)
    optimizer.step()
    return loss, tuple(part.detach() for part in state)


class LanguageTraining:
    """With `one_bias` the second bias stays, as for an engine that has only one."""

    def __init__(self, case, one_bias=False, dtype=torch.float32):
        self.case, self.one_bias, self.dtype = case, one_bias, dtype
        batch, time, vocabulary = case["batch"], case["time"], case["vocabulary"]
        text = torch.from_numpy(ids(batch * (time + 1), vocabulary, 1)).reshape(batch, time + 1).T
        self.x, self.y = text[:-1].contiguous(), text[1:].contiguous()
        self.start(dropout=case["dropout"])

    def start(self, dropout):
        vocabulary, width, hidden, layers = (self.case[name] for name in ("vocabulary", "embedding", "hidden", "layers"))
        self.model = Language(vocabulary, width, hidden, layers, dropout, self.dtype)
        fill(self.model.lstm, 4, width, hidden, 1, layers)
        with torch.no_grad():
            for parameter, bound, seed in ((self.model.embedding.weight, 1, 11), (self.model.linear.weight, 1, 12), (self.model.linear.bias, 0.1, 13)):
                parameter.copy_(numbers(parameter.shape, bound, seed, self.dtype))
        if self.one_bias:
            for name, parameter in self.model.named_parameters():
                parameter.requires_grad_("bias_hh" not in name)
        self.optimizer = torch.optim.Adam(self.model.parameters(), 1e-3)
        self.state = None

    def run(self):
        loss, self.state = step(self.model, self.optimizer, self.x, self.y, self.state)
        return loss

    def check(self):
        """Losses of the first steps without dropout, whose draws differ between engines; then dropout is on."""
        self.start(dropout=0.0)
        losses = [self.run().item() for _ in range(CHECKED_STEPS)]
        self.start(dropout=self.case["dropout"])
        return losses


TASKS = {
    "languageTraining": LanguageTraining,
    "languageTrainingOneBias": lambda case, **options: LanguageTraining(case, one_bias=True, **options),
}
