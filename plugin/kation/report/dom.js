/// An element with its attributes and children. Text becomes text, never markup: labels come from other people's files.
export function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
        else if (name === "style") made.style.cssText = value;
        else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
}

/// A labelled choice; `changed` is called with the value that was chosen. Choices: [[value, text], ...]
export function choice(label, choices, chosen, changed) {
    const options = choices.map(([value, text]) => element("option", { value, ...(value === chosen ? { selected: "" } : {}) }, text));
    const select = element("select", { onchange: () => changed(select.value) }, ...options);
    return element("label", {}, label, select);
}

/// One entry of a legend: a colour, or a scale of them between two texts.
export const meaning = (colour, text) => element("span", {}, element("i", { style: `background: ${colour}` }), text);
export const scale = (colours, title, low, high) =>
    element("span", {}, `${title} ${low}`, element("i", { class: "scale", style: `background: linear-gradient(90deg, ${colours.join(", ")})` }), high);
