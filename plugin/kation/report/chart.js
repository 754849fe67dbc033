import uPlot from "uplot";
import { hairline, ink } from "./colours.js";

const font = (size) => `${size}px system-ui, "Segoe UI", "Liberation Sans", sans-serif`;

/// An axis with a title. `labels`: texts at whole rows 0, 1, ... in place of numbers, where there is room for them.
export function axis(title, { labels, side = 2, roomPerLabel = 16, grid = !labels, values } = {}) {
    const made = { label: title, stroke: ink, font: font(12), labelFont: font(13), labelSize: title ? 22 : 0, side, ...(side === 2 ? { size: 30 } : {}) };
    made.grid = { show: grid, stroke: hairline, width: 1 };
    made.ticks = { stroke: "#b8b8b8", width: 1, size: 4 };
    if (values) made.values = values;
    if (!labels) return made;
    const size = Math.min(12, roomPerLabel * 0.88);
    const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
    const shown = size >= 6.5;
    const room = shown ? Math.min(longest, 26) * size * 0.62 + 12 : 12;
    return {
        ...made,
        font: font(size),
        size: room,
        ticks: { show: false },
        splits: (_, __, low, high) => labels.map((_, row) => row + 0.5).filter((place) => place >= low && place <= high),
        values: (_, places) => places.map((place) => (shown ? shortened(labels[Math.floor(place)]) : "")),
        rotate: side === 0 || side === 2 ? -90 : 0,
    };
}
const shortened = (label) => (label.length > 26 ? `${label.slice(0, 25)}…` : label);

/// A chart on which `paint` draws in pixels of the canvas: paint(context, x, y, plot), x and y from values to pixels.
/// `hover` is told the values under the pointer, or nothing when it leaves.
export function chart(parent, { width, height, x, y, axes, data, series, paint, hover, zoomed, drag, padding }) {
    const painted = (plot) => {
        const { ctx: context, bbox } = plot;
        context.save();
        context.beginPath();
        context.rect(bbox.left, bbox.top, bbox.width, bbox.height);
        context.clip();
        paint(context, (value) => plot.valToPos(value, "x", true), (value) => plot.valToPos(value, "y", true), plot);
        context.restore();
    };
    const told = (plot) => {
        const { left, top } = plot.cursor;
        hover(left < 0 ? null : { x: plot.posToVal(left, "x"), y: plot.posToVal(top, "y") });
    };
    const whole = (plot) =>
        plot.batch(() => {
            plot.setScale("x", { min: x[0], max: x[1] });
            plot.setScale("y", { min: y[0], max: y[1] });
        });
    const fixed = ([low, high]) => (_, min, max) => (min == null || max == null || min === max ? [low, high] : [min, max]);
    return new uPlot(
        {
            width,
            height,
            padding: padding ?? [8, 14, 0, 0],
            legend: { show: false },
            cursor: { drag: drag ?? { x: true, y: false }, points: { show: false }, y: false, bind: { dblclick: (plot) => () => whole(plot) } },
            scales: { x: { time: false, range: fixed(x) }, y: { auto: false, range: fixed(y), dir: y[2] ?? 1 } },
            axes,
            series: series ?? [{}, { show: true, paths: () => null, points: { show: false } }],
            hooks: {
                ...(paint ? { drawAxes: [painted] } : {}),
                ...(hover ? { setCursor: [told] } : {}),
                ...(zoomed ? { setScale: [(plot, key) => key === "x" && zoomed(plot.scales.x.min, plot.scales.x.max)] } : {}),
            },
        },
        data ?? [[x[0], x[1]], [y[0], y[1]]],
        parent,
    );
}

/// Charts that show the same stretch of time.
export class SharedTime {
    #charts = new Set();
    #moving = false;

    add(plot) {
        this.#charts.add(plot);
        if (this.window) plot.setScale("x", this.window);
    }
    remove(plot) {
        this.#charts.delete(plot);
    }
    show(min, max) {
        if (this.#moving || !(max > min)) return;
        this.#moving = true;
        this.window = { min, max };
        for (const plot of this.#charts)
            if (plot.scales.x.min !== min || plot.scales.x.max !== max) plot.setScale("x", this.window);
        this.#moving = false;
    }
}

export { font };
