#!/usr/bin/env python3
"""Reads what kation scan and kation threshold leave, as your own scripts may.

    python3 examples/coupling_scan/scan.py coupling              # the folder of a scan
    python3 examples/coupling_scan/scan.py draw_*.json           # what kation threshold -o wrote

Tables need nothing but Python; with pandas they become data frames. The series that keep = "series" left are read with h5py.
"""
import csv
import glob
import json
import math
import os
import sys

try:
    import pandas
except ImportError:
    pandas = None


def read_trials(folder):
    """trials.csv as a data frame, or without pandas as a dictionary of columns. Not recruited: onset nan."""
    table = os.path.join(folder, "trials.csv")
    if pandas is not None:
        return pandas.read_csv(table)
    with open(table, newline="") as rows:
        trials = list(csv.DictReader(rows))
    return {name: [number_or_text(trial[name]) for trial in trials] for name in trials[0]}


def number_or_text(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


def window(trials, key):
    """In words: from the first value at which a region follows, to the last at which the control was silent."""
    good = [k for k, status in enumerate(trials["status"]) if status == "ok"]
    spreads = min((trials[key][k] for k in good if trials["recruited"][k] > 0), default=math.inf)
    ignites = min((trials[key][k] for k in good if trials["control.recruited"][k] > 0), default=math.inf)
    silent = max((trials[key][k] for k in good if trials[key][k] < ignites), default=-math.inf)
    if spreads > silent:
        return "no window"
    return f"a seizure spreads and the control is silent at {key} {spreads:g} to {silent:g}"


def print_scan(folder):
    with open(os.path.join(folder, "manifest.json")) as manifest:
        keys = json.load(manifest)["keys"]
    trials = read_trials(folder)
    print(f"{len(trials['trial'])} trials over {', '.join(keys)}")
    if len(keys) == 1:
        print(window(trials, keys[0]))
    else:  # one window for each value of the last key
        for value in sorted(set(trials[keys[-1]])):
            chosen = [k for k, other in enumerate(trials[keys[-1]]) if other == value]
            part = {name: [column[k] for k in chosen] for name, column in trials.items()}
            print(f"{keys[-1]} = {value:g}: {window(part, keys[0])}")
    for file in sorted(glob.glob(os.path.join(folder, "trial-*.h5"))):
        print_series(file)


def print_series(file):
    """The series of one trial: every data set says its unit and its axes."""
    import h5py

    with h5py.File(file) as result:
        labels = [label.decode() for label in result["regions/label"][:]]
        for name, monitor in result["monitors"].items():
            for variable, series in monitor.items():
                if variable != "time":
                    highest = dict(zip(labels, series[:].max(axis=0).round(2)))
                    print(f"{file}: {name}, highest {variable} ({series.attrs['unit']}): {highest}")


def print_thresholds(files):
    print(f"{'file':<24} {'key':<12} {'threshold':>9} {'control':>9} {'first':>6} {'trials':>6}")
    thresholds = []
    for file in files:
        with open(file) as stream:
            found = json.load(stream)
        spreads, control = found["threshold"], found["control"] or {"true_at": None}
        first = (spreads["first"] or {"region": "-"})["region"]
        print(f"{file:<24} {found['key']:<12} {spreads['true_at'] or '-':>9} {control['true_at'] or '-':>9} {first:>6} {len(found['trials']):>6}")
        if spreads["true_at"] is not None:
            thresholds.append(spreads["true_at"])
    if thresholds:
        print(f"{len(thresholds)} thresholds from {min(thresholds):g} to {max(thresholds):g}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if os.path.isdir(sys.argv[1]):
        print_scan(sys.argv[1])
    else:
        print_thresholds(sys.argv[1:])
