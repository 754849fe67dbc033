import { SharedTime } from "./chart.js";
import { regionColours } from "./colours.js";
import { element } from "./dom.js";
import { clock } from "./words.js";
import brain from "./panels/brain.js";
import configuration from "./panels/configuration.js";
import matrix from "./panels/matrix.js";
import raster from "./panels/raster.js";
import scan from "./panels/scan.js";
import summary from "./panels/summary.js";
import traces from "./panels/traces.js";

// A panel is one file: { id, title, fits(result), draw(place, result, shared) }. To add one, import it and name it here.
const panels = [summary, traces, raster, brain, matrix, scan, configuration];

const result = JSON.parse(document.getElementById("result").textContent);
const report = document.getElementById("report");
const shared = { width: Math.max(640, report.clientWidth - 48), time: new SharedTime() };
if (result.kind === "run") Object.assign(shared, { colours: regionColours(result), clock: clock(result.duration) });
document.title = `${result.file} · Kation report`;

for (const panel of panels) {
    if (!panel.fits(result)) continue;
    const place = element("section", { id: panel.id });
    if (panel.title) place.append(element("h2", {}, panel.title));
    report.append(place);
    try {
        panel.draw(place, result, shared);
    } catch (problem) {
        place.append(element("p", { class: "failed" }, `This panel could not be drawn: ${problem.message}`));
        console.error(problem);
    }
}
document.documentElement.dataset.ready = "yes";
