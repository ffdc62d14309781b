"""The twin of a classifier, trained and tested: python bench/pytorch/accuracy.py TASK.json writes accuracy and seconds as JSON.

The task has the options of `Classifier.train`, and `train` and `test`: lists of {tokens, label}."""
import json
import random
import sys
import time
from collections import Counter
import torch
from torch.nn.utils.rnn import pad_sequence
from classifier import Classifier, step

PADDING, UNKNOWN = 0, 1
# Rows are sorted by length within so many batches, as Ostinato does it.
WINDOW = 16


def batched(rows, size):
    return [rows[at:at + size] for at in range(0, len(rows), size)]


def epoch(rows, size):
    """Batches of rows of like length, in an order of chance."""
    rows = random.sample(rows, len(rows))
    batches = [batch for near in batched(rows, WINDOW * size) for batch in batched(sorted(near, key=lambda row: -len(row[0])), size)]
    return random.sample(batches, len(batches))


def tensors(batch):
    """Words [time, batch], lengths and classes."""
    words = [row[0] for row in batch]
    return pad_sequence(words, padding_value=PADDING), torch.tensor([len(row) for row in words]), torch.tensor([row[1] for row in batch])


def accuracy(model, rows):
    model.eval()
    right = 0
    with torch.inference_mode():
        for batch in batched(sorted(rows, key=lambda row: -len(row[0])), 128):
            words, lengths, classes = tensors(batch)
            right += int((model(words, lengths).argmax(1) == classes).sum())
    return right / len(rows)


def run(task):
    torch.set_num_threads(1)
    torch.manual_seed(task["seed"])
    random.seed(task["seed"])
    counts = Counter(token for example in task["train"] for token in example["tokens"])
    words = {token: id for id, token in enumerate((t for t, count in counts.items() if count >= task["minCount"]), UNKNOWN + 1)}
    labels = sorted({example["label"] for example in task["train"]})
    train, test = (
        [(torch.tensor([words.get(token, UNKNOWN) for token in example["tokens"]] or [UNKNOWN]), labels.index(example["label"])) for example in task[part]]
        for part in ("train", "test")
    )
    model = Classifier(len(words) + UNKNOWN + 1, task["embeddingSize"], task["hiddenSize"], len(labels), task["dropout"])
    optimizer = torch.optim.Adam(model.parameters(), task["learningRate"])
    start = time.process_time()
    for _ in range(task["epochs"]):
        model.train()
        for batch in epoch(train, task["batchSize"]):
            step(model, optimizer, *tensors(batch), task["clipNorm"])
    seconds = time.process_time() - start
    return {"accuracy": accuracy(model, test), "seconds": seconds}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps(run(json.load(file))))
