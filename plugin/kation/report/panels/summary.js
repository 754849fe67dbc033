import { element } from "../dom.js";

export default {
    id: "summary",
    fits: () => true,
    draw(place, result) {
        const made = [result.version && `Kation ${result.version}`, result.created].filter(Boolean).join(", ");
        place.append(element("h1", {}, result.file), element("p", { class: "quiet" }, made));
        for (const sentence of result.summary) place.append(element("p", {}, sentence));
    },
};
