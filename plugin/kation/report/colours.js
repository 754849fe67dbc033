/// The colours of `kation plot` (io/figure.cpp): distinguishable with the common kinds of colour blindness.
export const ink = "#262626";
export const grey = "#666666";
export const hairline = "#e4e4e4";
export const silent = "#9a9a9a";
export const zone = "#d55e00";
export const plain = "#1d5b8f";

export const onsets = ["#1b1a5c", "#2b3f9e", "#2068b2", "#1c90c2", "#36b0c0", "#63c3b3"];
export const sequential = ["#f7fcf0", "#d9f0d3", "#a8ddb5", "#5fc0c0", "#2b8cbe", "#225ea8", "#172f72", "#081336"];
export const diverging = ["#b35806", "#f1a340", "#fee0b6", "#f7f7f7", "#d8daeb", "#998ec3", "#542788"];

const channels = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));

/// The colour at a fraction of a scale, as [red, green, blue] of 255.
export function at(steps, fraction) {
    const place = Math.min(Math.max(fraction, 0), 1) * (steps.length - 1);
    const step = Math.min(Math.floor(place), steps.length - 2);
    const [from, to] = [channels(steps[step]), channels(steps[step + 1])];
    return from.map((value, i) => Math.round(value + (place - step) * (to[i] - value)));
}

export const css = ([red, green, blue]) => `rgb(${red}, ${green}, ${blue})`;
export const lightened = (colour, white) => channelsOf(colour).map((value) => Math.round(value + white * (255 - value)));
const channelsOf = (colour) => (colour.startsWith("#") ? channels(colour) : colour.match(/\d+/g).map(Number));

/// Colours of the regions: the zone in its own, recruited ones by onset, others grey; all the same where nothing happened.
export function regionColours(result) {
    const { recruitment, control, in_zone } = result;
    const spread = (region) => !in_zone[region] && recruitment?.onset[region] != null;
    const eventful = in_zone.some(Boolean) || recruitment?.recruited.some(Boolean) || control?.recruited.some(Boolean);
    const times = result.labels.map((_, region) => region).filter(spread).map((region) => recruitment.onset[region]);
    const first = times.reduce((a, b) => Math.min(a, b), Infinity);
    const last = times.reduce((a, b) => Math.max(a, b), -Infinity);
    const span = last > first ? last - first : 1;
    const of = result.labels.map((_, region) => {
        if (in_zone[region]) return zone;
        if (spread(region)) return css(at(onsets, (recruitment.onset[region] - first) / span));
        return eventful ? silent : plain;
    });
    return { of, first, last, eventful, anyOnset: times.length > 0 };
}
