import { axis, chart } from "../chart.js";
import * as colours from "../colours.js";
import { doubles, range } from "../columns.js";
import { choice, element, meaning, scale } from "../dom.js";
import { short } from "../words.js";

/// A column of the table: its values, and what they are called if they are no numbers.
function unpacked(column, trials) {
    if (column.numbers) return { name: column.name, values: Array.from(doubles(column.numbers, trials)) };
    const names = [...new Set(column.names)];
    return { name: column.name, values: column.names.map((name) => names.indexOf(name)), names };
}

const levels = (values) => [...new Set(values.filter(Number.isFinite))].sort((a, b) => a - b);

/// Borders of cells around the levels: half way between them, and as far beyond the ends.
function borders(at) {
    if (at.length === 1) return [at[0] - 0.5, at[0] + 0.5];
    const between = at.slice(1).map((level, i) => (at[i] + level) / 2);
    return [2 * at[0] - between[0], ...between, 2 * at.at(-1) - between.at(-1)];
}

/// Mean of the measured values at each place; trials are told apart by the texts of `keyed`.
function means(measure, keyed) {
    const sums = new Map();
    measure.values.forEach((value, trial) => {
        if (!Number.isFinite(value)) return;
        const key = keyed(trial);
        const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 };
        sums.set(key, { sum: sum + value, count: count + 1 });
    });
    return new Map([...sums].map(([key, { sum, count }]) => [key, sum / count]));
}

const namesOn = (key) => (key.names ? { values: (_, places) => places.map((place) => key.names[place] ?? "") } : {});

/// A little beyond the values on both sides; counts and times keep their 0.
function widened([low, high]) {
    const margin = 0.06 * (high - low) || 0.5;
    return [low === 0 ? 0 : low - margin, high + margin];
}

function curves(place, key, run, control, width, readout) {
    const at = levels(key.values);
    const curve = (measure) => {
        const mean = means(measure, (trial) => key.values[trial]);
        return at.map((level) => mean.get(level) ?? null);
    };
    const data = [at, curve(run), ...(control ? [curve(control)] : [])];
    const legend = [meaning(colours.plain, "run"), ...(control ? [meaning(colours.grey, "control")] : [])];
    place.append(element("div", { class: "meanings" }, ...legend));
    const edges = borders(at);
    return chart(place, {
        width,
        height: 380,
        x: [edges[0], edges.at(-1)],
        y: widened(range(data.slice(1).map((values) => values.filter((value) => value !== null)))),
        axes: [axis(key.name, namesOn(key)), axis(run.name, { side: 3 })],
        data,
        series: [{}, ...[colours.plain, colours.grey].slice(0, data.length - 1).map((stroke, i) => ({ stroke, width: 2, dash: i ? [6, 4] : [], points: { show: true, size: 7, fill: stroke } }))],
        hover(point) {
            if (!point) return void (readout.textContent = "");
            const i = at.reduce((best, level, index) => (Math.abs(level - point.x) < Math.abs(at[best] - point.x) ? index : best), 0);
            const beside = control ? `, control ${short(data[2][i])}` : "";
            readout.textContent = `${key.name} = ${key.names?.[at[i]] ?? short(at[i])}: ${run.name} = ${short(data[1][i])}${beside}`;
        },
    });
}

function heatMap(place, title, [across, up], measure, extent, failed, width, readout) {
    const part = element("div", {}, element("h3", {}, title));
    place.append(part);
    const [atX, atY] = [levels(across.values), levels(up.values)];
    const [edgeX, edgeY] = [borders(atX), borders(atY)];
    const cell = (trial) => `${across.values[trial]} ${up.values[trial]}`;
    const mean = means(measure, cell);
    const grid = atX.length * atY.length <= across.values.length;
    const shade = (value) => colours.css(colours.at(colours.sequential, (value - extent[0]) / (extent[1] - extent[0] || 1)));
    const dots = 7 * devicePixelRatio;
    return chart(part, {
        width,
        height: Math.min(width * 0.82, 480),
        x: [edgeX[0], edgeX.at(-1)],
        y: [edgeY[0], edgeY.at(-1)],
        drag: { x: true, y: true, uni: 20 },
        axes: [axis(across.name, { grid: false, ...namesOn(across) }), axis(up.name, { grid: false, side: 3, ...namesOn(up) })],
        paint(context, x, y) {
            const drawnCells = new Set();
            across.values.forEach((placeX, trial) => {
                const [placeY, value] = [up.values[trial], mean.get(cell(trial))];
                if (drawnCells.has(cell(trial)) || !Number.isFinite(placeX) || !Number.isFinite(placeY)) return;
                drawnCells.add(cell(trial));
                context.fillStyle = value === undefined ? colours.hairline : shade(value);
                if (grid) {
                    const [column, row] = [atX.indexOf(placeX), atY.indexOf(placeY)];
                    const [left, top] = [Math.floor(x(edgeX[column])), Math.floor(y(edgeY[row + 1]))];
                    context.fillRect(left, top, Math.ceil(x(edgeX[column + 1])) - left, Math.ceil(y(edgeY[row])) - top);
                } else {
                    context.beginPath();
                    context.arc(x(placeX), y(placeY), dots, 0, 2 * Math.PI);
                    context.fill();
                    context.strokeStyle = "#999";
                    context.stroke();
                }
            });
            context.strokeStyle = colours.zone;
            context.lineWidth = 2 * devicePixelRatio;
            failed.forEach((bad, trial) => {
                if (!bad) return;
                const [px, py, arm] = [x(across.values[trial]), y(up.values[trial]), 4 * devicePixelRatio];
                context.beginPath();
                for (const sign of [1, -1]) {
                    context.moveTo(px - arm, py - sign * arm);
                    context.lineTo(px + arm, py + sign * arm);
                }
                context.stroke();
            });
        },
        hover(point) {
            if (!point) return void (readout.textContent = "");
            const near = (at, place) => at.reduce((best, level) => (Math.abs(level - place) < Math.abs(best - place) ? level : best), at[0]);
            const [placeX, placeY] = [near(atX, point.x), near(atY, point.y)];
            const value = mean.get(`${placeX} ${placeY}`);
            if (!grid && value === undefined) return void (readout.textContent = "");
            const called = (key, value) => `${key.name} = ${key.names?.[value] ?? short(value)}`;
            readout.textContent = `${called(across, placeX)}, ${called(up, placeY)}: ${title} = ${short(value)}`;
        },
    });
}

export default {
    id: "scan",
    title: "Scan",
    fits: (result) => result.kind === "scan",
    draw(place, result, shared) {
        const keys = result.keys.map((column) => unpacked(column, result.trials));
        const measures = result.measures.map((column) => unpacked(column, result.trials)).filter(({ names }) => !names);
        const own = measures.filter(({ name }) => !name.startsWith("control."));
        if (keys.length === 0 || own.length === 0) {
            place.append(element("p", { class: "quiet" }, "The table has no measure over a swept key to draw."));
            return;
        }
        const view = { measure: own[0].name, x: keys[0].name, y: keys[1]?.name ?? "" };
        const canvas = element("div");
        const readout = element("div", { class: "readout" });
        let plots = [];
        const redraw = () => {
            plots.forEach((plot) => plot.destroy());
            canvas.replaceChildren();
            const named = (columns, name) => columns.find((column) => column.name === name);
            const [run, control] = [named(measures, view.measure), named(measures, `control.${view.measure}`)];
            const [x, y] = [named(keys, view.x), named(keys, view.y)];
            if (!y || x === y) {
                plots = [curves(canvas, x, run, control, shared.width, readout)];
                return;
            }
            const extent = range([run.values, control?.values ?? []]);
            const legend = [scale(colours.sequential, run.name, short(extent[0]), short(extent[1])), meaning(colours.hairline, "nothing measured")];
            if (result.failed.some(Boolean)) legend.push(element("span", {}, element("b", { style: `color: ${colours.zone}` }, "× "), "invalid or failed"));
            const beside = element("div", { class: "beside" });
            canvas.append(element("div", { class: "meanings" }, ...legend), beside);
            const width = control ? (shared.width - 24) / 2 : Math.min(shared.width, 720);
            plots = [run, control].filter(Boolean).map((measure) => heatMap(beside, measure.name, [x, y], measure, extent, result.failed, width, readout));
        };
        const set = (name) => (value) => {
            view[name] = value;
            redraw();
        };
        const named = (columns) => columns.map(({ name }) => [name, name]);
        const controls = element("div", { class: "controls" }, choice("Measure", named(own), view.measure, set("measure")));
        if (keys.length > 1)
            controls.append(
                choice("Across", named(keys), view.x, set("x")),
                choice("Up", [...named(keys), ["", "none: a curve"]], view.y, set("y")),
            );
        place.append(controls, canvas, readout);
        place.append(element("p", { class: "hint" }, "Means over trials at the same place. Drag to enlarge, double click for all."));
        redraw();
    },
};
