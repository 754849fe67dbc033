import { axis, chart } from "../chart.js";
import * as colours from "../colours.js";
import { decoded, floats, range } from "../columns.js";
import { choice, element, meaning, scale } from "../dom.js";
import { short, withUnit } from "../words.js";

/// From a value to [colour, ...]: linear or logarithmic, white in the middle where there are both signs.
function shades(values, logarithmic) {
    const [low, high] = range([values]);
    const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
    if (low < 0) return { of: (value) => colours.at(colours.diverging, 0.5 + value / largest / 2), low: -largest, high: largest, steps: colours.diverging };
    if (!logarithmic) return { of: (value) => colours.at(colours.sequential, value / largest), low: 0, high: largest, steps: colours.sequential };
    const positive = values.filter((value) => value > 0);
    const least = Math.max(range([positive])[0], largest * 1e-4);
    const span = Math.log(largest / least) || 1;
    const of = (value) => colours.at(colours.sequential, 0.08 + (0.92 * Math.log(Math.max(value, least) / least)) / span);
    return { of, low: least, high: largest, steps: colours.sequential };
}

/// The matrix as a picture of one pixel per entry; zeros stay white.
function picture(values, size, order, shade) {
    const canvas = element("canvas", { width: size, height: size });
    const context = canvas.getContext("2d");
    const image = context.createImageData(size, size);
    for (let row = 0; row < size; ++row)
        for (let column = 0; column < size; ++column) {
            const value = values[order[row] * size + order[column]];
            image.data.set([...(value === 0 ? [255, 255, 255] : shade(value)), 255], 4 * (row * size + column));
        }
    context.putImageData(image, 0, 0);
    return canvas;
}

function drawn(place, result, matrix, view, readout) {
    const { size, block } = matrix;
    const weights = view.what === "weights";
    const values = weights ? matrix.values : matrix.millimetres;
    const shade = shades(values, view.shades === "log" && weights);
    const order = view.order === "onset" ? result.order : Array.from({ length: size }, (_, i) => i);
    const labels = block === 1 ? order.map((region) => result.labels[region]) : undefined;
    const image = picture(values, size, order, shade.of);
    const side = 760;
    const unit = weights ? "" : "mm";
    place.replaceChildren(
        element(
            "div",
            { class: "meanings" },
            scale(shade.steps, weights ? "weight" : "tract length", withUnit(shade.low, unit), withUnit(shade.high, unit)),
            meaning("#fff; border: 1px solid #ccc", weights ? "no connection" : "0 mm"),
        ),
    );
    const name = (i) => (block === 1 ? result.labels[order[i]] : `regions ${i * block + 1} to ${Math.min((i + 1) * block, result.labels.length)}`);
    return chart(place, {
        width: side + 130,
        height: side + 110,
        x: [0, size],
        y: [0, size, -1],
        drag: { x: true, y: true, uni: 20 },
        axes: [
            axis(block === 1 ? "from" : `from (blocks of ${block} regions)`, { labels, roomPerLabel: side / size, side: 2 }),
            axis(block === 1 ? "to" : `to (blocks of ${block} regions)`, { labels, roomPerLabel: side / size, side: 3 }),
        ],
        paint(context, x, y) {
            context.imageSmoothingEnabled = false;
            context.drawImage(image, x(0), y(0), x(size) - x(0), y(size) - y(0));
            context.strokeStyle = "#b8b8b8";
            context.strokeRect(x(0), y(0), x(size) - x(0), y(size) - y(0));
        },
        hover(point) {
            const [row, column] = point ? [Math.floor(point.y), Math.floor(point.x)] : [-1, -1];
            if (!(row >= 0 && row < size && column >= 0 && column < size)) return void (readout.textContent = "");
            const entry = order[row] * size + order[column];
            const length = matrix.millimetres ? `, ${short(matrix.millimetres[entry])} mm` : "";
            readout.textContent = `to ${name(row)} from ${name(column)}: weight ${short(matrix.values[entry])}${length}`;
        },
    });
}

export default {
    id: "matrix",
    title: "Connectivity",
    fits: (result) => result.kind === "run",
    draw(place, result) {
        const { matrix } = result;
        matrix.values = floats(matrix.weights, matrix.size ** 2);
        matrix.millimetres = matrix.lengths && decoded(matrix.lengths, matrix.size ** 2);
        const view = { what: "weights", shades: "log", order: "file" };
        const canvas = element("div");
        const readout = element("div", { class: "readout" });
        let plot;
        const redraw = () => {
            plot?.destroy();
            plot = drawn(canvas, result, matrix, view, readout);
        };
        const set = (name) => (value) => {
            view[name] = value;
            redraw();
        };
        const controls = element("div", { class: "controls" });
        if (matrix.millimetres) controls.append(choice("Show", [["weights", "weights"], ["lengths", "tract lengths"]], view.what, set("what")));
        controls.append(choice("Shades", [["log", "logarithmic"], ["linear", "linear"]], view.shades, set("shades")));
        if (matrix.block === 1) controls.append(choice("Order", [["file", "as in the file"], ["onset", "by onset"]], view.order, set("order")));
        place.append(controls, canvas, readout);
        const coarse = matrix.block === 1 ? "" : ` Every cell is the strongest of ${matrix.block} × ${matrix.block} connections.`;
        place.append(element("p", { class: "hint" }, `Weights as they were coupled, after normalising. Drag to enlarge, double click for all.${coarse}`));
        redraw();
    },
};
