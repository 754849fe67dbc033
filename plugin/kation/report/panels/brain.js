import {
    AmbientLight,
    BufferGeometry,
    Color,
    DirectionalLight,
    Float32BufferAttribute,
    GridHelper,
    InstancedMesh,
    LineBasicMaterial,
    LineSegments,
    Matrix4,
    MeshLambertMaterial,
    PerspectiveCamera,
    Raycaster,
    Scene,
    SphereGeometry,
    Vector2,
    Vector3,
    WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import * as colours from "../colours.js";
import { range } from "../columns.js";
import { choice, element, scale } from "../dom.js";
import { titled, withUnit } from "../words.js";
import { legend, nearest, unpacked } from "./traces.js";

/// Places of the regions [mm], their middle at the origin; on a circle where the file has none.
function placesOf(result) {
    const count = result.labels.length;
    const centres = result.centres.length
        ? result.centres
        : result.labels.map((_, i) => [70 * Math.sin((2 * Math.PI * i) / count), 70 * Math.cos((2 * Math.PI * i) / count), 0]);
    const extent = [0, 1, 2].map((axis) => range([centres.map((centre) => centre[axis])]));
    const middle = extent.map(([low, high]) => (low + high) / 2);
    const half = extent.map(([low, high]) => Math.max((high - low) / 2, 1));
    return { at: centres.map((centre) => new Vector3(...centre.map((x, axis) => x - middle[axis]))), half };
}

function tracts(places, strongest) {
    const points = strongest.flatMap(([to, from]) => [...places[from].toArray(), ...places[to].toArray()]);
    const geometry = new BufferGeometry();
    geometry.setAttribute("position", new Float32BufferAttribute(points, 3));
    return new LineSegments(geometry, new LineBasicMaterial({ color: "#8a8a8a", transparent: true, opacity: 0.22 }));
}

/// The scene: a sphere per region over the strongest connections. It is drawn when something changes, not all the time.
class Brain {
    constructor(host, result) {
        this.result = result;
        this.host = host;
        const { at, half } = placesOf(result);
        this.places = at;
        const size = Math.max(...half);
        this.radius = Math.max(0.9, Math.min(0.04 * size, (0.4 * size) / Math.cbrt(at.length)));
        this.renderer = new WebGLRenderer({ antialias: true, alpha: true });
        this.renderer.setPixelRatio(devicePixelRatio);
        this.renderer.setSize(host.clientWidth, host.clientHeight);
        host.append(this.renderer.domElement);

        this.scene = new Scene();
        this.spheres = new InstancedMesh(new SphereGeometry(1, 20, 14), new MeshLambertMaterial(), at.length);
        const light = new DirectionalLight("#ffffff", 1.3);
        light.position.set(-0.4, -0.5, 1);
        const floor = new GridHelper(Math.ceil(size / 20 + 1) * 40, Math.ceil(size / 20 + 1) * 2, "#d8d8d8", "#e2e2e2");
        floor.rotation.x = Math.PI / 2;
        floor.position.z = -half[2] - 3 * this.radius;
        this.scene.add(this.spheres, tracts(at, result.matrix.strongest), new AmbientLight("#ffffff", 1.9), light, floor);

        this.camera = new PerspectiveCamera(35, host.clientWidth / host.clientHeight, 1, 40 * size);
        this.camera.up.set(0, 0, 1);
        this.camera.position.set(-1.05 * size, -2.2 * size, result.centres.length ? 3.1 * size : 4.2 * size);
        this.orbit = new OrbitControls(this.camera, this.renderer.domElement);
        this.orbit.addEventListener("change", () => this.draw());
        this.names = result.order.filter((region) => result.in_zone[region] || at.length <= 20).slice(0, 20);
        this.tags = this.names.map((region) => element("span", { class: "name" }, result.labels[region]));
        host.append(...this.tags);
    }

    /// look(region) -> { colour, size }
    paint(look) {
        this.places.forEach((place, region) => {
            const { colour, size } = look(region);
            this.spheres.setMatrixAt(region, new Matrix4().makeScale(...Array(3).fill(size * this.radius)).setPosition(place));
            this.spheres.setColorAt(region, new Color(colour));
        });
        this.spheres.instanceMatrix.needsUpdate = this.spheres.instanceColor.needsUpdate = true;
        this.spheres.computeBoundingSphere();
        this.draw();
    }

    draw() {
        this.renderer.render(this.scene, this.camera);
        this.tags.forEach((tag, i) => {
            const place = this.places[this.names[i]];
            const [x, y] = this.onScreen(place);
            const beside = new Vector3().setFromMatrixColumn(this.camera.matrixWorld, 0).multiplyScalar(1.6 * this.radius).add(place);
            tag.style.left = `${Math.max(this.onScreen(beside)[0], x + 4)}px`;
            tag.style.top = `${y}px`;
        });
    }

    /// Pixels of the host at which a place of the scene is seen.
    onScreen(place) {
        const { x, y } = place.clone().project(this.camera);
        return [((x + 1) / 2) * this.host.clientWidth, ((1 - y) / 2) * this.host.clientHeight];
    }

    /// The region under the pointer [pixels of the host], or nothing.
    under(x, y) {
        const pointer = new Vector2((2 * x) / this.host.clientWidth - 1, 1 - (2 * y) / this.host.clientHeight);
        const ray = new Raycaster();
        ray.setFromCamera(pointer, this.camera);
        return ray.intersectObject(this.spheres)[0]?.instanceId;
    }
}

/// By onset: grey before it, in its colour while events last, pale after the last.
function byOnset(result, regions, ms) {
    return (region) => {
        const onset = result.recruitment?.onset[region];
        if (onset == null || onset > ms)
            return { colour: regions.eventful ? (result.in_zone[region] ? "#e8b48f" : "#c4c4c4") : colours.plain, size: 0.75 };
        const over = ms > (result.recruitment.offset[region] ?? ms);
        return { colour: over ? colours.css(colours.lightened(regions.of[region], 0.2)) : regions.of[region], size: over ? 1.15 : 1.5 };
    };
}

function byVariable(series, ms) {
    const { time, rows } = unpacked(series);
    series.extent ??= range(rows);
    const [low, high] = series.extent;
    const point = nearest(time, ms);
    return (region) => {
        const value = rows[region][point];
        if (!Number.isFinite(value)) return { colour: colours.silent, size: 0.5 };
        return { colour: colours.css(colours.at(colours.sequential, (value - low) / (high - low || 1))), size: 1.2 };
    };
}

function about(result, clock, region, ms) {
    const { recruitment } = result;
    const lines = [element("b", {}, result.labels[region])];
    if (result.in_zone[region]) lines.push("in the epileptogenic zone");
    if (recruitment) lines.push(recruitment.onset[region] == null ? "not recruited" : `onset ${clock.text(recruitment.onset[region])}, ${recruitment.events[region]} events`);
    for (const series of result.series) {
        const { time, rows } = unpacked(series);
        lines.push(`${series.variable} = ${withUnit(rows[region][nearest(time, ms)], series.unit)} at ${clock.text(ms)}`);
    }
    return lines.flatMap((line) => [line, element("br")]);
}

export default {
    id: "brain",
    title: "The network in space",
    fits: (result) => result.kind === "run",
    draw(place, result, shared) {
        const { clock, colours: regions } = shared;
        const host = element("div", { class: "brain" });
        const explained = element("div");
        const slider = element("input", { type: "range", min: "0", max: "1000", value: "1000", "aria-label": "time" });
        const time = element("span", { class: "time" });
        const count = element("span");
        const play = element("button", { type: "button" }, "Play");
        const tip = element("div", { class: "about", style: "display: none" });
        const modes = [["onset", "onset"], ...result.series.map(({ variable, unit, monitor }, i) => [String(i), `${titled(variable, unit)}, ${monitor}`])];
        place.append(
            element("div", { class: "controls" }, choice("Colour", modes, "onset", (value) => ((mode = value), show())), play, slider, time, count),
            explained,
            host,
        );
        let mode = "onset";
        let brain;
        try {
            brain = new Brain(host, result);
        } catch {
            host.remove();
            place.append(element("p", { class: "quiet" }, "This browser offers no WebGL, so that the network cannot be shown in space."));
            return;
        }
        host.append(tip);
        const now = () => (Number(slider.value) / 1000) * result.duration;
        const show = () => {
            const ms = now();
            time.textContent = clock.text(ms);
            const reached = result.labels.filter((_, region) => result.recruitment?.onset[region] <= ms && result.recruitment.onset[region] != null);
            count.textContent = result.recruitment ? `${reached.length} of ${result.labels.length} regions recruited` : "";
            brain.paint(mode === "onset" ? byOnset(result, regions, ms) : byVariable(result.series[Number(mode)], ms));
            const series = result.series[Number(mode)];
            explained.replaceChildren(
                mode === "onset"
                    ? legend(shared, result)
                    : element("div", { class: "meanings" }, scale(colours.sequential, series.variable, withUnit(series.extent[0], series.unit), withUnit(series.extent[1], series.unit))),
            );
        };
        slider.addEventListener("input", show);

        let playing = null;
        const step = (begun) => (stamp) => {
            if (playing === null) return;
            slider.value = String(Math.min(1000, ((stamp - begun.at) / 10_000) * 1000 + begun.from));
            show();
            if (Number(slider.value) >= 1000) stop();
            else playing = requestAnimationFrame(step(begun));
        };
        const stop = () => {
            cancelAnimationFrame(playing);
            playing = null;
            play.textContent = "Play";
        };
        play.addEventListener("click", () => {
            if (playing !== null) return stop();
            if (Number(slider.value) >= 1000) slider.value = "0";
            play.textContent = "Stop";
            playing = requestAnimationFrame((stamp) => step({ at: stamp, from: Number(slider.value) })(stamp));
        });

        host.addEventListener("pointermove", ({ clientX, clientY }) => {
            const frame = host.getBoundingClientRect();
            const [x, y] = [clientX - frame.left, clientY - frame.top];
            const region = brain.under(x, y);
            tip.style.display = region == null ? "none" : "block";
            if (region == null) return;
            tip.replaceChildren(...about(result, clock, region, now()));
            tip.style.left = `${Math.min(x + 14, host.clientWidth - tip.offsetWidth - 6)}px`;
            tip.style.top = `${Math.min(y + 12, host.clientHeight - tip.offsetHeight - 6)}px`;
        });
        host.addEventListener("pointerleave", () => (tip.style.display = "none"));
        const lines = result.matrix.strongest.length;
        const floor = result.centres.length ? "the squares of the floor are 20 mm wide" : "";
        place.append(
            element(
                "p",
                { class: "hint" },
                [
                    result.centres.length ? "" : "The file has no centres of regions: they stand on a circle. ",
                    `Drag to turn, wheel to come nearer, point at a region for its numbers. Lines: the ${lines} strongest connections`,
                    floor && `; ${floor}`,
                    ".",
                ].join(""),
            ),
        );
        show();
    },
};
