#!/usr/bin/python3
"""The Monte Carlo study of bench_asking's small plan once more, vectorised in numpy over all runs: the same lines in the same
order, in double. Prints "NAME VALUE" lines: the best of five rounds, and medians to compare with ours.

    montecarlo.py RUNS
"""
import sys
import time

import numpy as np

MONTHS, YEARS = 60, 5
PRICE, UNIT_COST, UNITS, GROWTH, FIXED, CAPITAL, OVEN, LIFE = 4.20, 1.55, 1000, 0.06, 1200, 12000, 9500, 96
CREDIT_MONTHS, SMALL_RATE = 15 / 30, 0.19


def money(x):
    return np.round(x, 2)


def study(runs, rng):
    def draw(low, high):
        return rng.triangular(low, 1, high, runs)

    units, price, cost, fixed = draw(0.7, 1.2) * UNITS, draw(0.95, 1.05) * PRICE, draw(0.95, 1.15) * UNIT_COST, draw(0.95, 1.15) * FIXED
    cash, closing, profit = np.full(runs, float(CAPITAL - OVEN)), np.empty((MONTHS, runs)), np.zeros((YEARS, runs))
    invoiced_before, paid_before, losses, due_last_year = np.zeros(runs), np.zeros(runs), np.zeros(runs), np.zeros(runs)
    invoiced, fixed = np.zeros(runs), money(fixed)
    depreciated = 0.0
    for month in range(1, MONTHS + 1):
        year, of_year = (month - 1) // 12, (month - 1) % 12 + 1
        if of_year == 1:
            to_date, due = np.zeros(runs), np.zeros(runs)
            brought = losses
        sold = units * (1 + GROWTH) ** year
        revenue, cogs = money(sold * price), money(sold * cost)
        depreciation = money(OVEN * min(month, LIFE) / LIFE) - depreciated
        depreciated += depreciation
        before_tax = revenue - cogs - fixed - depreciation
        to_date = to_date + before_tax
        used = np.maximum(0, np.minimum(brought, to_date))
        losses = brought - used + np.maximum(0, -to_date)
        due_before, due = due, money(np.maximum(0, np.maximum(0, to_date) - used) * SMALL_RATE)
        profit[year] += before_tax - (due - due_before)
        invoiced_before, invoiced = invoiced, invoiced + revenue
        paid = money(invoiced - (invoiced - invoiced_before) * CREDIT_MONTHS)
        cash = cash + paid - paid_before - cogs - fixed
        paid_before = paid
        if of_year == 10 and year:
            cash = cash - due_last_year
        if of_year == 12:
            due_last_year = due
        closing[month - 1] = cash
    fans = np.percentile(closing, [10, 50, 90], axis=1, method="inverted_cdf")
    profits = np.percentile(profit, [10, 50, 90], axis=1, method="inverted_cdf")
    return fans[1, -1], profits[1, 0], np.mean(closing.min(axis=0) < 0)


def main():
    runs, best = int(sys.argv[1]), float("inf")
    for seed in range(5):
        began = time.perf_counter()
        cash, profit, out = study(runs, np.random.default_rng(seed))
        best = min(best, (time.perf_counter() - began) * 1e3)
    print("montecarlo_ms %.3f\ncash_p50 %.2f\nprofit_p50 %.2f\nout %.4f" % (best, cash, profit, out))


if __name__ == "__main__":
    main()
