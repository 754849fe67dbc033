// Opens a report in headless Chromium, does what a reader does, and prints as JSON what was seen.
//
//   node look.mjs NODE_MODULES CHROMIUM PAGE.html [FOLDER]       FOLDER: where pictures of the panels are put
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, executablePath, page_file, pictures] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "index.js"))("playwright-core");
const quiet = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const software = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

const profile = mkdtempSync(join(tmpdir(), "kation_browser_"));
const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [...quiet, ...software],
    viewport: { width: 1320, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
});
const digest = (picture) => createHash("sha256").update(picture).digest("hex");
const seen = { complaints: [], requests: [], panels: {} };
try {
    const page = await browser.newPage();
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && seen.complaints.push(message.text()));
    page.on("pageerror", (problem) => seen.complaints.push(String(problem)));
    page.on("dialog", (dialog) => {
        seen.complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
    });
    page.on("request", (request) => /^(file|data|blob):/.test(request.url()) || seen.requests.push(request.url()));
    const begun = Date.now();
    await page.goto(pathToFileURL(page_file).href);
    await page.waitForSelector("html[data-ready=yes]", { timeout: 120_000 });
    seen.opened_ms = Date.now() - begun;
    seen.title = await page.title();
    seen.text = await page.locator("main").innerText();
    seen.broken = await page.locator("section > .failed").count();
    seen.outside = await page.locator("body > :not(main, script, noscript)").count();

    // How much of a panel's canvas is coloured, and a number that changes with what is drawn.
    const canvas_of = (id) =>
        page.evaluate((id) => {
            const canvas = document.querySelector(`#${id} canvas`);
            if (!canvas) return null;
            const copy = document.createElement("canvas");
            [copy.width, copy.height] = [canvas.width, canvas.height];
            const context = copy.getContext("2d");
            context.drawImage(canvas, 0, 0);
            const { data } = context.getImageData(0, 0, copy.width, copy.height);
            let coloured = 0;
            let sum = 7;
            for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] > 0 && Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 40) ++coloured;
                sum = (sum * 31 + data[i] + 3 * data[i + 1] + 7 * data[i + 2] + data[i + 3]) % 1_000_000_007;
            }
            return { coloured, sum };
        }, id);
    const frame = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const point_in = async (id, x, y) => {
        const box = await page.locator(`#${id} .u-over`).first().boundingBox();
        return [box.x + x * box.width, box.y + y * box.height];
    };

    for (const id of await page.locator("section").evaluateAll((sections) => sections.map((section) => section.id))) {
        await page.locator(`#${id}`).scrollIntoViewIfNeeded();
        const panel = { before: id === "brain" ? null : await canvas_of(id) };
        seen.panels[id] = panel;
        if (pictures) await page.locator(`#${id}`).screenshot({ path: join(pictures, `${id}.png`) });

        if ((await page.locator(`#${id} .u-over`).count()) > 0) {
            await page.mouse.move(...(await point_in(id, 0.52, 0.05)));
            await frame();
            panel.readout = await page.locator(`#${id} .readout`).innerText();
            await page.mouse.move(...(await point_in(id, 0.3, 0.3)));
            await page.mouse.down();
            await page.mouse.move(...(await point_in(id, 0.5, 0.6)), { steps: 4 });
            await page.mouse.up();
            await frame();
            panel.enlarged = await canvas_of(id);
            if (pictures) await page.locator(`#${id}`).screenshot({ path: join(pictures, `${id}_enlarged.png`) });
            await page.mouse.dblclick(...(await point_in(id, 0.5, 0.5)));
            await frame();
            panel.whole_again = await canvas_of(id);
        }
        if (id === "brain" && (await page.locator("#brain input[type=range]").count()) > 0 && (await page.locator("#brain canvas").count()) > 0) {
            const shown = async (place) => {
                await page.locator("#brain input[type=range]").fill(String(place));
                await frame();
                const picture = await page.locator("#brain .brain").screenshot(pictures ? { path: join(pictures, `brain_${place}.png`) } : {});
                return { words: await page.locator("#brain .controls").innerText(), picture: digest(picture) };
            };
            panel.start = await shown(0);
            panel.middle = await shown(500);
            panel.end = await shown(1000);
            const box = await page.locator("#brain .brain").boundingBox();
            // A region is somewhere on this lattice of points.
            const lattice = 60;
            search: for (let i = 1; i < lattice; ++i)
                for (let j = 1; j < lattice; ++j) {
                    const [x, y] = [box.x + (j / lattice) * box.width, box.y + (i / lattice) * box.height];
                    const found = await page.evaluate(
                        ([x, y]) => {
                            const host = document.querySelector("#brain .brain");
                            host.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y }));
                            const tip = host.querySelector(".about");
                            return tip.style.display === "none" ? null : tip.innerText;
                        },
                        [x, y],
                    );
                    if (found) {
                        panel.tip = found;
                        if (pictures) await page.locator("#brain .brain").screenshot({ path: join(pictures, "brain_tip.png") });
                        break search;
                    }
                }
            await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.9 * box.height);
            await page.mouse.down();
            await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.8 * box.height, { steps: 4 });
            await page.mouse.up();
            await frame();
            panel.turned = { picture: digest(await page.locator("#brain .brain").screenshot()) };
        }
        if (id === "configuration" && (await page.locator("#configuration button").count()) > 0) {
            await page.locator("#configuration button").click();
            await page.waitForFunction(() => document.querySelector("#configuration button").textContent === "Copied");
            panel.copied = await page.evaluate(() => navigator.clipboard.readText());
            panel.shown = await page.locator("#configuration pre").textContent();
        }
    }
    if (pictures) await page.screenshot({ path: join(pictures, "page.png"), fullPage: true });
} finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
}
console.log(JSON.stringify(seen));
