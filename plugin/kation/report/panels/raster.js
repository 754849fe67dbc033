import { axis, chart } from "../chart.js";
import * as colours from "../colours.js";
import { element } from "../dom.js";
import { legend } from "./traces.js";

/// From onset to offset a pale bar, at the onset a mark.
function bars(recruitment, rows, regionColours, clock) {
    return (context, x, y) => {
        rows.forEach((region, row) => {
            const [top, bottom] = [y(row + 0.12), y(row + 0.88)];
            const height = Math.max(Math.abs(bottom - top), 1);
            context.fillStyle = colours.hairline;
            context.fillRect(x(0), (top + bottom) / 2, 1e5, 1);
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

function raster(place, title, recruitment, result, shared, width, readout) {
    const rows = result.order;
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
        place.append(legend(shared, result), beside, readout);
        raster(beside, "Run", result.recruitment, result, shared, width, readout);
        if (result.control) raster(beside, "Control, with the zone's parameters set back", result.control, result, shared, width, readout);
        if (!result.recruitment.recruited.some(Boolean)) place.append(element("p", { class: "quiet" }, "No region was recruited."));
        place.append(
            element("p", { class: "hint" }, "Dark: onset; pale: until the last event. Rows by onset, the zone first. Time is that of the traces."),
        );
    },
};
