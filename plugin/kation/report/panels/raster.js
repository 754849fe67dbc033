import { axis, chart } from "../chart.js";
import * as colours from "../colours.js";
import { choice, element } from "../dom.js";
import { legend } from "./traces.js";

/// From onset to offset a pale bar, at the onset a mark.
function bars(recruitment, rows, regionColours, clock) {
    return (context, x, y) => {
        rows.forEach((region, row) => {
            const [top, bottom] = [y(row + 0.12), y(row + 0.88)];
            const height = Math.max(Math.abs(bottom - top), 1);
            if (height > 4) {
                context.fillStyle = colours.hairline;
                context.fillRect(x(0), (top + bottom) / 2, 1e5, 1);
            }
            const onset = recruitment.onset[region];
            if (onset == null) return;
            const begin = x(clock.onAxis(onset));
            const end = x(clock.onAxis(recruitment.offset[region] ?? onset));
            context.fillStyle = colours.css(colours.lightened(regionColours[region], 0.66));
            context.fillRect(begin, Math.min(top, bottom), Math.max(end - begin, 1), height);
            context.fillStyle = regionColours[region];
            context.fillRect(begin, Math.min(top, bottom), 3 * devicePixelRatio, height);
        });
    };
}

/// The first rows, so that none in the zone or recruited, also in the control, is left out.
function untilSilence(result) {
    const active = (region) => result.in_zone[region] || result.recruitment.onset[region] != null || result.control?.onset[region] != null;
    const last = result.order.findLastIndex(active);
    return result.order.slice(0, Math.max(last + 5, 24));
}

function raster(place, title, recruitment, rows, result, shared, width, readout) {
    const rowHeight = Math.min(Math.max(900 / rows.length, 2), 17);
    const part = element("div", {}, element("h3", {}, title));
    place.append(part);
    const plot = chart(part, {
        width,
        height: rows.length * rowHeight + 52,
        x: [0, shared.clock.onAxis(result.duration)],
        y: [0, rows.length, -1],
        axes: [
            axis(shared.clock.title),
            axis("", { labels: rows.map((region) => result.labels[region]), roomPerLabel: rowHeight, side: 3 }),
        ],
        paint: bars(recruitment, rows, shared.colours.of, shared.clock),
        hover(point) {
            const region = point && rows[Math.floor(point.y)];
            if (region == null) return void (readout.textContent = "");
            const name = `${title}, ${result.labels[region]}`;
            const events = `${recruitment.events[region]} events in ${recruitment.bursts[region]} bursts`;
            readout.textContent =
                recruitment.onset[region] == null
                    ? `${name}: not recruited, ${recruitment.events[region]} events`
                    : `${name}: onset ${shared.clock.text(recruitment.onset[region])}, last event ${shared.clock.text(recruitment.offset[region])}, ${events}`;
        },
        zoomed: (min, max) => shared.time.show(min, max),
    });
    shared.time.add(plot);
    return plot;
}

export default {
    id: "raster",
    title: "Recruitment",
    fits: (result) => result.kind === "run",
    draw(place, result, shared) {
        if (!result.recruitment) {
            place.append(element("p", { class: "quiet" }, "The file holds no recruitment."));
            return;
        }
        const width = result.control ? (shared.width - 24) / 2 : shared.width;
        const readout = element("div", { class: "readout" });
        const beside = element("div", { class: "beside" });
        const first = untilSilence(result);
        let plots = [];
        const redraw = (rows) => {
            for (const plot of plots) {
                shared.time.remove(plot);
                plot.destroy();
            }
            beside.replaceChildren();
            const draw = (title, recruitment) => raster(beside, title, recruitment, rows, result, shared, width, readout);
            plots = [draw("Run", result.recruitment)];
            if (result.control) plots.push(draw("Control, with the zone's parameters set back", result.control));
        };
        if (first.length < result.order.length) {
            const counts = [["first", `first ${first.length}, all others silent`], ["all", `all ${result.order.length}`]];
            const rows = choice("Regions", counts, "first", (value) => redraw(value === "all" ? result.order : first));
            place.append(element("div", { class: "controls" }, rows));
        }
        place.append(legend(shared, result), beside, readout);
        redraw(first);
        if (!result.recruitment.recruited.some(Boolean)) place.append(element("p", { class: "quiet" }, "No region was recruited."));
        place.append(
            element("p", { class: "hint" }, "Dark: onset; pale: until the last event. Rows by onset, the zone first. Time is that of the traces."),
        );
    },
};
