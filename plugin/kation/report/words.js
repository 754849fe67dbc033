/// Numbers as a reader wants them.
export function short(value, digits = 4) {
    if (value == null || !Number.isFinite(value)) return "–";
    if (value === 0) return "0";
    const size = Math.abs(value);
    return size >= 1e5 || size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(digits))).replace("-", "−");
}

export const withUnit = (value, unit) => (unit && unit !== "1" ? `${short(value)} ${unit}` : short(value));
export const titled = (name, unit) => (unit && unit !== "1" ? `${name} (${unit})` : name);

/// Time in s where a run is long, else in ms.
export function clock(duration) {
    const seconds = duration >= 2000;
    return {
        unit: seconds ? "s" : "ms",
        title: seconds ? "time (s)" : "time (ms)",
        onAxis: (ms) => (seconds ? ms / 1000 : ms),
        text: (ms) => (ms == null ? "–" : seconds ? `${(ms / 1000).toFixed(2)} s` : `${short(ms)} ms`),
    };
}
