"""The numbers of weights.mjs in Python: the same weights and inputs for every engine, from integers alone."""
import numpy as np
import torch


def states(count, seed):
    """States 1 to `count` of the congruential generator of weights.mjs, all at once."""
    factor, term = np.uint32(1_664_525), np.uint32(1_013_904_223)
    powers = np.cumprod(np.full(count, factor, dtype=np.uint32), dtype=np.uint32)
    sums = np.cumsum(np.concatenate([[np.uint32(1)], powers[:-1]]).astype(np.uint32), dtype=np.uint32)
    return (powers * np.uint32(seed) + term * sums) >> np.uint32(8)


def numbers(shape, bound, seed, dtype=torch.float32):
    """Numbers in ±bound."""
    flat = (states(int(np.prod(shape)), seed).astype(np.float64) / 0x800000 - 1) * bound
    return torch.tensor(flat.astype(np.float32).reshape(shape)).to(dtype)


def ids(count, limit, seed):
    """Whole numbers below `limit`."""
    return (states(count, seed).astype(np.int64) * limit) >> 24


def fill(module, gates, width, hidden, directions, layers):
    """Sets the parameters of an nn.LSTM or nn.GRU."""
    bound = 1 / np.sqrt(hidden)
    with torch.no_grad():
        for layer in range(layers):
            columns = width if layer == 0 else directions * hidden
            for direction in range(directions):
                suffix = f"l{layer}{'_reverse' if direction else ''}"
                seed = 1000 * layer + 100 * direction
                for k, (name, shape) in enumerate((
                    ("weight_ih", (gates * hidden, columns)), ("weight_hh", (gates * hidden, hidden)),
                    ("bias_ih", (gates * hidden,)), ("bias_hh", (gates * hidden,)),
                )):
                    parameter = getattr(module, f"{name}_{suffix}")
                    parameter.copy_(numbers(shape, bound, seed + k + 1, parameter.dtype))


def lengths(case):
    """Words of each row."""
    if isinstance(case["time"], int):
        return [case["time"]] * case["batch"]
    least, most = case["time"]
    return [least + int(i) for i in ids(case["batch"], most - least + 1, 9)]


def digest(y):
    """What is compared of many numbers: their mean square and nine of them, from the first to the last."""
    flat = y.detach().reshape(-1).to(torch.float64)
    places = [int(k * (len(flat) - 1) / 8) for k in range(9)]
    return [float((flat * flat).mean())] + [float(flat[place]) for place in places]
