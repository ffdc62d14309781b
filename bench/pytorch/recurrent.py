"""LSTM and GRU, forward and forward + backward. A task has check(), run() and the number of runs of a check."""
import torch
import torch.nn as nn
from data import digest, fill, numbers

# The checked steps take the rate of ../weights.mjs; what is timed barely learns, so that its numbers stay ordinary ones.
CHECKED_RATE = 10.0
TIMED_RATE = 1e-3
CHECKED_STEPS = 2


class Forward:
    def __init__(self, kind, gates, case, dtype=torch.float32):
        batch, time, width = case["batch"], case["time"], case["input"]
        hidden, directions, layers = case["hidden"], case["directions"], case["layers"]
        self.module = kind(width, hidden, layers, bidirectional=directions == 2, dtype=dtype)
        fill(self.module, gates, width, hidden, directions, layers)
        x = numbers((batch, time, width), 1, 7, dtype)
        self.x = x.transpose(0, 1).contiguous()

    def run(self):
        with torch.inference_mode():
            self.y, _ = self.module(self.x)

    def check(self):
        self.run()
        return digest(self.y.transpose(0, 1))


class Training(Forward):
    """Squared error against zeros, and SGD. With `one_bias` the second bias stays, as for an engine that has only one."""

    def __init__(self, kind, gates, case, dtype=torch.float32, one_bias=False):
        super().__init__(kind, gates, case, dtype)
        if one_bias:
            for name, parameter in self.module.named_parameters():
                parameter.requires_grad_(not name.startswith("bias_hh"))
        self.optimizer = torch.optim.SGD(self.module.parameters(), CHECKED_RATE)

    def run(self):
        self.optimizer.zero_grad()
        y, _ = self.module(self.x)
        loss = (y * y).mean()
        loss.backward()
        self.optimizer.step()
        return loss

    def check(self):
        losses = [self.run().item() for _ in range(CHECKED_STEPS)]
        self.optimizer = torch.optim.SGD(self.module.parameters(), TIMED_RATE)
        return losses


TASKS = {
    "lstmForward": lambda case, **options: Forward(nn.LSTM, 4, case, **options),
    "lstmTraining": lambda case, **options: Training(nn.LSTM, 4, case, **options),
    "lstmTrainingOneBias": lambda case, **options: Training(nn.LSTM, 4, case, one_bias=True, **options),
    "gruForward": lambda case, **options: Forward(nn.GRU, 3, case, **options),
}
