import { axis, chart, font } from "../chart.js";
import * as colours from "../colours.js";
import { decoded, doubles, range } from "../columns.js";
import { choice, element, meaning, scale } from "../dom.js";
import { titled, withUnit } from "../words.js";

/// Time [ms] and values of a recorded variable, unpacked once.
export function unpacked(series) {
    series.unpacked ??= {
        time: doubles(series.time, series.points),
        rows: series.rows.map((row) => decoded(row, series.points)),
    };
    return series.unpacked;
}

/// What colours of regions mean.
export function legend({ colours: regions, clock }, result) {
    const entries = [];
    if (result.in_zone.some(Boolean)) entries.push(meaning(colours.zone, "epileptogenic zone"));
    if (regions.anyOnset) entries.push(scale(colours.onsets, "onset", clock.text(regions.first), clock.text(regions.last)));
    if (regions.eventful) entries.push(meaning(colours.silent, "not recruited"));
    return element("div", { class: "meanings" }, ...entries);
}

/// 1, 2 or 5 times a power of ten, not above two thirds of the span.
function handy(span) {
    const most = (2 * span) / 3;
    const power = 10 ** Math.floor(Math.log10(most));
    return power * ([5, 2, 1].find((step) => step * power <= most) ?? 1);
}

/// Rows from top to bottom as curves around rows.length - 0.5, ..., 0.5; what is not finite is a gap.
function stacked(values, rows, low, high, gain) {
    const middle = (low + high) / 2;
    const height = (0.9 * gain) / (high - low || 1);
    return rows.map((region, row) => {
        const base = rows.length - row - 0.5;
        return Array.from(values[region], (value) => (Number.isFinite(value) ? base + (value - middle) * height : null));
    });
}

function chosenRows(result, view) {
    const wanted = view.filter.toLowerCase();
    const order = view.order === "onset" ? result.order : result.labels.map((_, region) => region);
    const fitting = order.filter((region) => result.labels[region].toLowerCase().includes(wanted));
    return view.count === "all" ? fitting : fitting.slice(0, Number(view.count));
}

function drawn(place, result, shared, view, readout) {
    const series = result.series[view.series];
    const { time, rows: values } = unpacked(series);
    const rows = chosenRows(result, view);
    if (rows.length === 0) {
        place.append(element("p", { class: "quiet" }, "No label holds these letters."));
        return null;
    }
    const [low, high] = range(rows.map((region) => values[region]));
    const rowHeight = Math.min(Math.max(760 / rows.length, 9), 46);
    const bar = handy((high - low || 1) / view.gain);
    const { clock } = shared;
    // What the bar beside the rows stands for.
    const paint = (context, x, y, plot) => {
        const right = plot.bbox.left + plot.bbox.width;
        context.restore();
        context.save();
        context.strokeStyle = context.fillStyle = colours.ink;
        context.lineWidth = 2 * devicePixelRatio;
        const foot = y(0.1);
        const length = y(0) - y((bar * 0.9 * view.gain) / (high - low || 1));
        context.beginPath();
        context.moveTo(right + 10 * devicePixelRatio, foot);
        context.lineTo(right + 10 * devicePixelRatio, foot - length);
        context.stroke();
        context.font = font(12 * devicePixelRatio);
        context.textAlign = "left";
        context.textBaseline = "middle";
        context.fillText(withUnit(bar, series.unit), right + 16 * devicePixelRatio, foot - length / 2);
    };
    return chart(place, {
        width: shared.width,
        height: rows.length * rowHeight + 54,
        padding: [8, 84, 0, 0],
        x: [0, clock.onAxis(result.duration)],
        y: [0, rows.length],
        axes: [
            axis(clock.title),
            axis("", { labels: rows.map((region) => result.labels[region]).reverse(), roomPerLabel: rowHeight, side: 3 }),
        ],
        series: [{}, ...rows.map((region) => ({ stroke: shared.colours.of[region], width: 1.1, points: { show: false } }))],
        data: [Array.from(time, clock.onAxis), ...stacked(values, rows, low, high, view.gain)],
        paint,
        hover(point) {
            const row = point && rows[Math.floor(rows.length - point.y)];
            if (row == null) return void (readout.textContent = "");
            const ms = point.x / clock.onAxis(1);
            const value = values[row][nearest(time, ms)];
            readout.textContent = `${result.labels[row]}: ${series.variable} = ${withUnit(value, series.unit)} at ${clock.text(ms)}`;
        },
        zoomed: (min, max) => shared.time.show(min, max),
    });
}

/// Number of the point nearest to a time.
export function nearest(time, ms) {
    let [low, high] = [0, time.length - 1];
    while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (time[middle] <= ms) low = middle;
        else high = middle;
    }
    return ms - time[low] < time[high] - ms ? low : high;
}

function startingView(result) {
    const busy = result.order.filter((region) => result.in_zone[region] || result.recruitment?.onset[region] != null).length;
    const count = [16, 32, 64].find((most) => most >= Math.min(busy, 32));
    const potential = result.series.findIndex(({ variable }) => variable === "V");
    return { series: Math.max(0, potential), order: "onset", count: String(count), filter: "", gain: 1 };
}

export default {
    id: "traces",
    title: "Traces",
    fits: (result) => result.kind === "run",
    draw(place, result, shared) {
        if (result.series.length === 0) {
            place.append(element("p", { class: "quiet" }, "No time series were recorded: the configuration asks for no [[monitor]]."));
            return;
        }
        const view = startingView(result);
        const canvas = element("div");
        const readout = element("div", { class: "readout" });
        const note = element("p", { class: "hint" });
        let plot = null;
        const redraw = () => {
            if (plot) shared.time.remove(plot);
            plot?.destroy();
            canvas.replaceChildren();
            plot = drawn(canvas, result, shared, view, readout);
            if (plot) shared.time.add(plot);
            const { stretch, points } = result.series[view.series];
            note.textContent =
                "Drag over a stretch of time to enlarge it; a double click shows all. All rows have one scale. " +
                (stretch > 1 ? `Thinned: the least and the greatest of every ${stretch} samples.` : `All ${points} samples are here.`);
        };
        const set = (name) => (value) => {
            view[name] = value;
            redraw();
        };
        const names = result.series.map(({ monitor, variable, unit }, i) => [String(i), `${titled(variable, unit)}, ${monitor}`]);
        const total = result.labels.length;
        const counts = ["16", "32", "64"].filter((count) => Number(count) < total).map((count) => [count, `first ${count}`]);
        if (!counts.some(([count]) => count === view.count)) view.count = "all";
        const search = element("input", { type: "search", placeholder: "letters of a label", size: "16" });
        search.addEventListener("input", () => set("filter")(search.value));
        const whole = () => shared.time.show(0, shared.clock.onAxis(result.duration));
        place.append(
            element(
                "div",
                { class: "controls" },
                choice("Variable", names, String(view.series), set("series")),
                choice("Order", [["onset", "by onset"], ["file", "as in the file"]], view.order, set("order")),
                choice("Regions", [...counts, ["all", `all ${total}`]], view.count, set("count")),
                choice("Height", [["1", "× 1"], ["2", "× 2"], ["5", "× 5"], ["20", "× 20"]], "1", (value) => set("gain")(Number(value))),
                element("label", {}, "Find", search),
                element("button", { type: "button", onclick: whole }, "Whole run"),
            ),
            legend(shared, result),
            canvas,
            readout,
            note,
        );
        redraw();
    },
};
