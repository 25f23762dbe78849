"""Rivals in NumPy and SciPy: the same work on the same numbers, batched as a good NumPy user would.

Talks to the benchmark over JSON lines: load inputs (raw float64 files), give the result (a raw float64 file), or time
single calls for so many milliseconds. SCoT takes part where it can be imported.
"""

import json
import platform
import sys
import time

import numpy as np

try:
    import scipy
    from scipy.signal import sosfilt
except ImportError:
    scipy = None

try:
    import scot
    from scot.connectivity import Connectivity
    from scot.var import VAR
except ImportError:
    scot = None


def lagged(x, order):
    """Windows [..., n, T] -> pasts [..., order * n, T - order], lag after lag, and presents [..., n, T - order]."""
    n_samples = x.shape[-1]
    pasts = [x[..., order - lag : n_samples - lag] for lag in range(1, order + 1)]
    return np.concatenate(pasts, axis=-2), x[..., order:]


def swap(x):
    return np.swapaxes(x, -1, -2)


def least_squares(past, present):
    """Coefficients [..., n, order * n] and residual variances [..., n] by batched normal equations."""
    cross = past @ swap(present)
    coefficients = np.linalg.solve(past @ swap(past), cross)
    variances = (np.sum(present**2, axis=-1) - np.sum(coefficients * cross, axis=-2)) / present.shape[-1]
    return swap(coefficients), variances


def gpdc_power(coefficients, variances, kernel):
    """Squared GPDC [..., frequency, sink, source]; kernel [order, frequency] holds exp(-2 pi i f lag / rate)."""
    n = variances.shape[-1]
    order, n_frequencies = kernel.shape
    by_lag = coefficients.reshape(*coefficients.shape[:-1], order, n)
    transform = np.eye(n) - np.einsum("...ikj,kf->...fij", by_lag, kernel, optimize=True)
    power = (transform.real**2 + transform.imag**2) / variances[..., None, :, None]
    return power / power.sum(axis=-2, keepdims=True)


def fourier_kernel(order, frequencies, rate):
    lags = np.arange(1, order + 1)
    return np.exp(-2j * np.pi * lags[:, None] * np.asarray(frequencies)[None, :] / rate)


class Windows:
    """GPDC of many windows in one batch."""

    def __init__(self, inputs, order, frequencies, rate, demean=True):
        (self.x,) = inputs
        self.order = order
        self.kernel = fourier_kernel(order, frequencies, rate)
        self.demean = demean
        self.pieces = self.x.shape[0]

    def run(self):
        x = self.x - self.x.mean(axis=-1, keepdims=True) if self.demean else self.x
        return np.sqrt(gpdc_power(*least_squares(*lagged(x, self.order)), self.kernel))


class OneWindow(Windows):
    """The same for one window at a time, as a live session has to."""

    def __init__(self, inputs, order, frequencies, rate):
        super().__init__(inputs, order, frequencies, rate)
        self.all = self.x
        self.x = self.all[0]
        self.pieces = 1


class ScotWindow:
    """SCoT as its documentation uses it: fit, then GPDC on its own grid of 200 bins up to half the sampling rate."""

    def __init__(self, inputs, order, frequencies, rate):
        (x,) = inputs
        self.x = x[0] - x[0].mean(axis=-1, keepdims=True)
        self.order = order
        self.kernel = fourier_kernel(order, frequencies, rate)
        self.pieces = 1

    def run(self):
        model = VAR(self.order)
        model.fit(self.x[None])
        return Connectivity(model.coef, model.rescov, 200).GPDC()

    def result(self):
        # SCoT's grid is its own, so its coefficients are compared, at the benchmark's frequencies.
        model = VAR(self.order)
        model.fit(self.x[None])
        n = self.x.shape[0]
        by_lag = model.coef.reshape(n, n, self.order).transpose(0, 2, 1).reshape(n, -1)
        past, present = lagged(self.x, self.order)
        variances = np.mean((present - by_lag @ past) ** 2, axis=-1)
        return np.sqrt(gpdc_power(by_lag, variances, self.kernel))


class Pairs:
    """Every adult channel with every infant channel, from one Gram matrix of all lagged channels."""

    def __init__(self, inputs, order, frequencies, rate):
        (self.x,) = inputs
        self.order = order
        self.kernel = fourier_kernel(order, frequencies, rate)
        n = self.x.shape[0]
        half = n // 2
        first, second = np.meshgrid(np.arange(half), np.arange(half, n), indexing="ij")
        channels = np.stack([first.ravel(), second.ravel()], axis=-1)
        # Rows of the lagged stack, lag after lag; lag 0 first.
        self.rows = (np.arange(order + 1)[None, :, None] * n + channels[:, None, :]).reshape(len(channels), -1)
        self.pieces = 1

    def run(self):
        x = self.x - self.x.mean(axis=-1, keepdims=True)
        past, present = lagged(x, self.order)
        stack = np.concatenate([present, past])
        gram = (stack @ stack.T)[self.rows[:, :, None], self.rows[:, None, :]]
        cross = gram[:, 2:, :2]
        coefficients = np.linalg.solve(gram[:, 2:, 2:], cross)
        squares = np.stack([gram[:, 0, 0], gram[:, 1, 1]], axis=-1)
        variances = (squares - np.sum(coefficients * cross, axis=-2)) / present.shape[-1]
        return np.sqrt(gpdc_power(swap(coefficients), variances, self.kernel))


class Sections:
    """A cascade of second-order sections over all channels, chunk after chunk."""

    def __init__(self, inputs):
        self.sections, self.x = inputs
        self.reset()
        self.pieces = 1

    def reset(self):
        self.state = np.zeros((len(self.sections), self.x.shape[0], 2))

    def run(self):
        y, self.state = sosfilt(self.sections, self.x, axis=-1, zi=self.state)
        return y

    def result(self):
        self.reset()
        return np.concatenate([self.run().ravel(), self.run().ravel()])


class Phases:
    """Undirected measures of all pairs of channels, for every epoch of every band."""

    def __init__(self, inputs):
        real, imaginary = inputs
        self.z = real + 1j * imaginary
        self.pieces = 1


class PhaseLocking(Phases):
    def run(self):
        z = self.z / np.abs(self.z)
        return np.abs(z @ swap(z).conj()) / z.shape[-1]


class CircularCorrelation(Phases):
    def run(self):
        z = self.z / np.abs(self.z)
        mean = z.mean(axis=-1, keepdims=True)
        s = (z * (mean / np.abs(mean)).conj()).imag
        sums = s @ swap(s)
        power = np.sqrt(np.diagonal(sums, axis1=-2, axis2=-1))
        return sums / (power[..., :, None] * power[..., None, :])


class PhaseLag(Phases):
    def run(self):
        n = self.z.shape[-2]
        out = np.empty((len(self.z), n, n))
        for e, z in enumerate(self.z):
            lag = z.imag[:, None, :] * z.real[None, :, :] - z.real[:, None, :] * z.imag[None, :, :]
            total = np.abs(lag).sum(axis=-1)
            np.divide(np.abs(lag.sum(axis=-1)), total, out=out[e], where=total > 0)
            out[e][total == 0] = 0
        return out


class Surrogates:
    """Windows of 2 + 2 channels in one pooled fit: means over links, in every band, of squared GPDC."""

    def __init__(self, inputs, order, bands, rate):
        self.windows, orders = inputs
        self.orders = orders.astype(int)
        self.order = order
        self.kernel = fourier_kernel(order, [f for band in bands for f in band], rate)
        self.edges = np.cumsum([0] + [len(band) for band in bands])
        self.pieces = len(self.orders)

    def bands(self, coefficients, variances):
        power = gpdc_power(coefficients, variances, self.kernel)
        return np.stack([power[..., a:b, :, :].mean(axis=-3) for a, b in zip(self.edges, self.edges[1:])], axis=-3)


def both_directions(matrices):
    """[..., band, sink, source] -> [..., direction, band]: the first two channels to the last two, and back."""
    forward = matrices[..., 2:, :2].mean(axis=(-1, -2))
    backward = matrices[..., :2, 2:].mean(axis=(-1, -2))
    return np.stack([forward, backward], axis=-2)


class BlockShuffle(Surrogates):
    """The infant's windows in another order, everything fitted anew."""

    def pool(self, x):
        past, present = lagged(x, self.order)
        return tuple(part.transpose(1, 0, 2).reshape(part.shape[1], -1) for part in (past, present))

    def run(self):
        out = []
        for order in self.orders:
            x = np.concatenate([self.windows[:, :2], self.windows[order, 2:]], axis=1)
            out.append(both_directions(self.bands(*least_squares(*self.pool(x)))))
        return np.stack(out)


class ResidualShuffle(BlockShuffle):
    """Residuals of the infant's channels without the adult's past, in another order of windows."""

    def __init__(self, inputs, order, bands, rate):
        super().__init__(inputs, order, bands, rate)
        self.past, present = self.pool(self.windows)
        self.coefficients, self.variances = least_squares(self.past, present)
        own = self.past[np.arange(len(self.past)) % 4 >= 2]
        target = present[2:]
        restricted = np.linalg.solve(own @ own.T, own @ target.T).T
        self.residual = (target - restricted @ own).reshape(2, len(self.windows), -1)
        self.restricted = np.zeros((2, len(self.past)))
        self.restricted[:, np.arange(len(self.past)) % 4 >= 2] = restricted
        self.gram = self.past @ self.past.T

    def run(self):
        out = []
        for order in self.orders:
            noise = self.residual[:, order].reshape(2, -1)
            cross = self.past @ noise.T
            change = np.linalg.solve(self.gram, cross).T
            left = (np.sum(noise**2, axis=-1) - np.sum(change * cross.T, axis=-1)) / noise.shape[-1]
            drawn, spread = self.coefficients.copy(), self.variances.copy()
            drawn[2:], spread[2:] = self.restricted + change, left
            out.append(self.bands(drawn, spread)[:, 2:, :2])
        return np.stack(out)


class CircularShift(Surrogates):
    """The infant's record rotated; every overlapping window of every surrogate fitted, then averaged."""

    def __init__(self, inputs, order, bands, rate, length, hop):
        super().__init__(inputs, order, bands, rate)
        self.record, self.length, self.hop = self.windows, length, hop

    def run(self):
        out = []
        for shift in self.orders:
            x = np.concatenate([self.record[:2], np.roll(self.record[2:], shift, axis=-1)])
            views = np.lib.stride_tricks.sliding_window_view(x, self.length, axis=-1)[:, :: self.hop]
            windows = views.transpose(1, 0, 2)
            windows = windows - windows.mean(axis=-1, keepdims=True)
            matrices = self.bands(*least_squares(*lagged(windows, self.order)))
            out.append(both_directions(matrices).mean(axis=0))
        return np.stack(out)


CASES = {
    "windows": Windows,
    "one-window": OneWindow,
    "scot-window": ScotWindow,
    "pairs": Pairs,
    "sections": Sections,
    "plv": PhaseLocking,
    "circular-correlation": CircularCorrelation,
    "wpli": PhaseLag,
    "block-shuffle": BlockShuffle,
    "residual-shuffle": ResidualShuffle,
    "circular-shift": CircularShift,
}


def load(request):
    inputs = [np.fromfile(each["path"]).reshape(each["shape"]) for each in request["inputs"]]
    case = CASES[request["case"]](inputs, **request["parameters"])
    return case, {"pieces": case.pieces}


def result(case, request):
    numbers = case.result() if hasattr(case, "result") else case.run()
    np.ascontiguousarray(numbers, dtype=float).tofile(request["path"])
    return {"shape": numbers.shape}


def measure(case, request):
    seconds = request["milliseconds"] / 1000
    if request["isFirst"]:
        case.run()
    runs = []
    begin = time.perf_counter()
    processor = time.process_time()
    while len(runs) < 3 or time.perf_counter() - begin < seconds:
        started = time.perf_counter()
        case.run()
        runs.append(time.perf_counter() - started)
    return {"runs": runs, "processor": time.process_time() - processor, "pieces": case.pieces}


def versions():
    found = {"python": platform.python_version(), "numpy": np.__version__}
    if scipy is not None:
        found["scipy"] = scipy.__version__
    if scot is not None:
        found["scot"] = getattr(scot, "__version__", "unknown")
    return found


def main():
    cases = []
    print(json.dumps({"versions": versions()}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "load":
                case, answer = load(request)
                cases.append(case)
                answer["case"] = len(cases) - 1
            elif request["do"] == "result":
                answer = result(cases[request["case"]], request)
            else:
                answer = measure(cases[request["case"]], request)
        except Exception as error:  # The benchmark decides what to do about it.
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
