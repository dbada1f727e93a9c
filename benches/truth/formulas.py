"""The formulas of docs/definitions.md 5 in plain Python, written from the papers and not from the program."""
import math
from bisect import bisect_left, bisect_right
from collections import Counter

Z = 1.959963984540054


def wilson(k, n):
    p, z2 = k / n, Z * Z
    mid = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, mid - half), min(1.0, mid + half)


def newcombe(k1, n1, k0, n0):
    (l1, u1), (l0, u0), p1, p0 = wilson(k1, n1), wilson(k0, n0), k1 / n1, k0 / n0
    d = p1 - p0
    return d, d - math.hypot(p1 - l1, u0 - p0), d + math.hypot(u1 - p1, p0 - l0)


def newcombe_paired(a, b, c, d):
    """Both, first only, second only, neither (Newcombe 1998, Statistics in Medicine 17:2635, method 10)."""
    n = a + b + c + d
    p1, p0 = (a + b) / n, (a + c) / n
    (l1, u1), (l0, u0) = wilson(a + b, n), wilson(a + c, n)
    product = (a + b) * (c + d) * (a + c) * (b + d)
    phi = (a * d - b * c) / math.sqrt(product) if product else 0.0
    low = (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u0 - p0) + (u0 - p0) ** 2
    high = (u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p0 - l0) + (p0 - l0) ** 2
    return p1 - p0, p1 - p0 - math.sqrt(max(0.0, low)), p1 - p0 + math.sqrt(max(0.0, high))


def sign_test(b, c):
    """Two-sided exact binomial test of the pairs that differ (McNemar 1947, exact)."""
    n, k = b + c, min(b, c)
    return min(1.0, 2 * sum(math.comb(n, i) for i in range(k + 1)) / 2**n) if n else 1.0


def gamma_p(a, x):
    """Regularised lower incomplete gamma function: series below a + 1, continued fraction above."""
    if x <= 0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while abs(term) > 1e-17 * abs(total):
            n += 1
            term *= x / n
            total += term
        return front * total
    b, c = x + 1 - a, 1e300
    d = 1 / b
    h = d
    for i in range(1, 10000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return 1 - front * h


def chi2_p(x, df):
    return 1 - gamma_p(df / 2, x / 2)


def poisson_exact(k):
    def solve(high, target, f):
        low = 0.0
        for _ in range(200):
            mid = (low + high) / 2
            low, high = (mid, high) if f(mid) < target else (low, mid)
        return (low + high) / 2
    return (0.0 if k == 0 else solve(k + 1, 0.025, lambda x: gamma_p(k, x))), solve(30 + 3 * k, 0.975, lambda x: gamma_p(k + 1, x))


def log_log(s, g):
    """S^exp(±z·√G / ln S) of a survival, or F^exp(±z·se/(F ln F)) with √G = se/F of an incidence."""
    if not 0 < s < 1:
        return None
    e = Z * g / math.log(s)
    return tuple(sorted((s ** math.exp(-e), s ** math.exp(e))))


class Curve:
    """Product limit, Nelson–Aalen and Greenwood of [(time, cause)]; the event is cause 1."""

    def __init__(self, obs):
        self.times = sorted(t for t, _ in obs)
        n = len(obs)
        events = Counter(t for t, c in obs if c == 1)
        s, g, h = 1.0, 0.0, 0.0
        self.at, self.steps = [], []
        for t in sorted(events):
            r, d = n - bisect_left(self.times, t), events[t]
            s *= 1 - d / r
            h += d / r
            if r > d:
                g += d / (r * (r - d))
            self.at.append(t)
            self.steps.append((t, r, d, s, g, h))

    def risk(self, t):
        return len(self.times) - bisect_left(self.times, t)

    def value(self, t):
        i = bisect_right(self.at, t) - 1
        return self.steps[i] if i >= 0 else (0, 0, 0, 1.0, 0.0, 0.0)

    def quantile(self, q):
        return next((x[0] for x in self.steps if x[3] <= 1 - q + 1e-12), None)

    def median_interval(self):
        """Brookmeyer and Crowley 1982."""
        def crossing(which):
            return next((x[0] for x in self.steps if log_log(x[3], math.sqrt(x[4])) and log_log(x[3], math.sqrt(x[4]))[which] <= 0.5), None)
        low, high = crossing(0), crossing(1)
        return (low, high) if low is not None and high is not None else (None, None)

    def mean(self, tau):
        steps = [x for x in self.steps if x[0] <= tau]
        area, last, s, areas = 0.0, 0.0, 1.0, []
        for x in steps:
            area += s * (x[0] - last)
            areas.append(area)
            last, s = x[0], x[3]
        area += s * (tau - last)
        var = sum((area - a) ** 2 * d / (r * (r - d)) for (_, r, d, *_), a in zip(steps, areas) if r > d)
        return area, math.sqrt(var)


def incidence(obs, cause, at):
    """Aalen–Johansen F of one cause at some times, with the delta-method error of Marubini and Valsecchi."""
    times = sorted(t for t, _ in obs)
    all_, own = Counter(t for t, c in obs if c), Counter(t for t, c in obs if c == cause)
    s, f, steps = 1.0, 0.0, []
    for t in sorted(all_):
        n, d, k = len(obs) - bisect_left(times, t), all_[t], own[t]
        f += s * k / n
        steps.append((t, n, d, k, s, f))
        s *= 1 - d / n
    out = []
    for t in at:
        mine = [x for x in steps if x[0] <= t]
        now = mine[-1][5] if mine else 0.0
        var = 0.0
        for _, n, d, k, before, f in mine:
            if n > d:
                var += (now - f) ** 2 * d / (n * (n - d))
            var += before**2 * k * (n - k) / n**3 - 2 * (now - f) * before * k / n**2
        out.append((now, math.sqrt(max(0.0, var))))
    return out


def log_rank(groups):
    """χ², degrees, p, observed and expected of [(time, event)] by group."""
    k = len(groups)
    times = [sorted(t for t, _ in g) for g in groups]
    events = [Counter(t for t, e in g if e) for g in groups]
    o, e, v = [0.0] * k, [0.0] * k, [[0.0] * k for _ in range(k)]
    for t in sorted(set().union(*events)):
        n = [len(x) - bisect_left(x, t) for x in times]
        d = [x[t] for x in events]
        N, D = sum(n), sum(d)
        for i in range(k):
            o[i] += d[i]
            e[i] += D * n[i] / N
            if N > 1:
                for j in range(k):
                    v[i][j] += D * (N - D) / (N - 1) * n[i] / N * ((i == j) - n[j] / N)
    x = solve([r[1:] for r in v[1:]], [a - b for a, b in zip(o[1:], e[1:])])
    chi2 = sum(a * (b - c) for a, b, c in zip(x, o[1:], e[1:]))
    return chi2, k - 1, chi2_p(chi2, k - 1), o, e


def solve(m, x):
    """x of m·x = b by Gaussian elimination; raises ZeroDivisionError when m is singular."""
    m, x, n = [r[:] for r in m], x[:], len(x)
    for c in range(n):
        p = max(range(c, n), key=lambda r: abs(m[r][c]))
        if abs(m[p][c]) < 1e-14:
            raise ZeroDivisionError
        m[c], m[p], x[c], x[p] = m[p], m[c], x[p], x[c]
        for r in range(c + 1, n):
            q = m[r][c] / m[c][c]
            for j in range(c, n):
                m[r][j] -= q * m[c][j]
            x[r] -= q * x[c]
    for r in reversed(range(n)):
        x[r] = (x[r] - sum(m[r][j] * x[j] for j in range(r + 1, n))) / m[r][r]
    return x


def logistic(rows, event):
    """Fitted logits, or None when there is no estimate: nothing to tell apart, columns that follow from others, outcomes
    told apart without error."""
    n, k = len(rows), len(rows[0]) + 1
    ones = sum(event)
    if ones in (0, n):
        return None
    mean = [sum(r[j] for r in rows) / n for j in range(k - 1)]
    sd = [math.sqrt(sum((r[j] - mean[j]) ** 2 for r in rows) / n) for j in range(k - 1)]
    if not all(sd):
        return None
    x = [[1.0] + [(v - m) / s for v, m, s in zip(r, mean, sd)] for r in rows]
    beta = [math.log(ones / (n - ones))] + [0.0] * (k - 1)

    def eta(b):
        return [sum(p * q for p, q in zip(r, b)) for r in x]

    def deviance(b):
        return 2 * sum(math.log1p(math.exp(-abs(z))) + max(z, 0.0) - (z if y else 0.0) for z, y in zip(eta(b), event))
    now = deviance(beta)
    for _ in range(100):
        p = [1 / (1 + math.exp(-z)) for z in eta(beta)]
        w = [q * (1 - q) for q in p]
        score = [sum(r[j] * (y - q) for r, y, q in zip(x, event, p)) for j in range(k)]
        info = [[sum(v * r[i] * r[j] for r, v in zip(x, w)) for j in range(k)] for i in range(k)]
        try:
            step = solve(info, score)
        except ZeroDivisionError:
            return None
        part = 1.0
        while True:
            new = [b + part * d for b, d in zip(beta, step)]
            dev = deviance(new)
            if dev <= now + 1e-9 or part < 1e-6:
                break
            part /= 2
        moved = max(abs(a - b) for a, b in zip(beta, new))
        beta, now = new, dev
        if any(abs(b) > 25 for b in beta):
            return None
        if moved < 1e-10:
            return eta(beta)
    return None


def mantel_haenszel(tables):
    """RR with the interval of Greenland and Robins 1985, RD with that of Sato 1989, of [(a, n1, c, n0)]."""
    r = s = d = w = v = p = q = 0.0
    for a, n1, c, n0 in tables:
        n = n1 + n0
        r += a * n0 / n
        s += c * n1 / n
        d += (a * n0 - c * n1) / n
        w += n1 * n0 / n
        v += (n1 * n0 * (a + c) - a * c * n) / n**2
        p += (n1 * n1 * c - n0 * n0 * a + n1 * n0 * (n0 - n1) / 2) / n**2
        q += (a * (n0 - c) + c * (n1 - a)) / (2 * n)
    rr = rd = None
    if r > 0 and s > 0:
        e = Z * math.sqrt(v / (r * s))
        rr = (r / s, r / s * math.exp(-e), r / s * math.exp(e))
    if w > 0:
        e = Z * math.sqrt(max(0.0, d / w * p + q)) / w
        rd = (d / w, d / w - e, d / w + e)
    return rr, rd
