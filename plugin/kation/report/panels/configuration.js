import { element } from "../dom.js";

async function copied(text, source) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        // Pages from a disk may not be allowed to; what is selected can be copied in the older way.
        getSelection().selectAllChildren(source);
        document.execCommand("copy");
        getSelection().removeAllRanges();
    }
}

const textOf = (result) => result.configuration ?? JSON.parse(result.manifest).configuration ?? result.manifest;

export default {
    id: "configuration",
    title: "Configuration",
    fits: () => true,
    draw(place, result) {
        const text = textOf(result);
        if (!text) {
            place.append(element("p", { class: "quiet" }, "The file does not hold its configuration."));
            return;
        }
        const shown = element("pre", { tabindex: "0" }, text);
        const button = element("button", { type: "button" }, "Copy");
        button.addEventListener("click", async () => {
            await copied(text, shown);
            button.textContent = "Copied";
            setTimeout(() => (button.textContent = "Copy"), 1500);
        });
        const hint = element("span", {}, "Saved as a .toml file, it runs again with `kation run`.");
        place.append(element("div", { class: "controls" }, button, hint), shown);
    },
};
