"""Whether a cost per event grows: the slope in a log-log plot, 0 = the cost per event stays (linear altogether)."""
import math

STAYS = 0.05   # 1.4 times over three decades
SLOWLY = 0.15  # 2.8 times: trees get deeper, and caches too small. Above it the total is worse than linear.
WORSE = "WORSE THAN LINEAR"


def slope(points):
    """Of (x, y), by least squares over their logarithms."""
    logs = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    spread = sum((x - mean_x) ** 2 for x, _ in logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / spread if spread else 0.0


def judge(points, less=0.0):
    """The overall slope, less what is not the program's doing, and what it means. A cost that hardly grows any more at
    the last two points (each event has its own page at last, no cache helps any more) is not worse than linear.

    >>> judge([(1e3, 10), (1e4, 9.8), (1e5, 10.1), (1e6, 10)])[1]
    'stays or falls'
    >>> judge([(1e3, 10), (1e4, 12), (1e5, 16), (1e6, 19)])[1]
    'grows slowly'
    >>> judge([(1e3, 10), (1e4, 40), (1e5, 80), (1e6, 81)])[1]
    'rises to a level'
    >>> judge([(1e3, 10), (1e4, 10), (1e5, 10), (1e6, 40)])[1]
    'WORSE THAN LINEAR'
    >>> judge([(1, 10), (2, 20)], less=1.0)[1]
    'stays or falls'
    """
    overall = slope(points) - less
    if overall <= STAYS:
        return overall, "stays or falls"
    if overall <= SLOWLY:
        return overall, "grows slowly"
    if len(points) > 2 and slope(points[-2:]) - less <= SLOWLY:
        return overall, "rises to a level"
    return overall, WORSE
