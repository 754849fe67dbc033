/// Long columns of numbers as io/report_columns.cpp packs them.
function bytes(base64) {
    const text = atob(base64);
    const values = new Uint8Array(text.length);
    for (let i = 0; i < text.length; ++i) values[i] = text.charCodeAt(i);
    return values.buffer;
}

export const doubles = (base64, count) => new Float64Array(bytes(base64), 0, count);
export const floats = (base64, count) => new Float32Array(bytes(base64), 0, count);

/// 16-bit codes between low and high; NaN where there was no finite number.
export function decoded({ low, high, codes }, count) {
    const values = new Float32Array(count);
    const packed = new Uint16Array(bytes(codes), 0, count);
    const step = (high - low) / 65534;
    for (let i = 0; i < count; ++i) values[i] = packed[i] === 65535 ? NaN : low + packed[i] * step;
    return values;
}

/// Least and greatest finite value of several columns; [0, 1] if there is none.
export function range(columns) {
    let low = Infinity;
    let high = -Infinity;
    for (const column of columns)
        for (const value of column)
            if (Number.isFinite(value)) {
                if (value < low) low = value;
                if (value > high) high = value;
            }
    return low <= high ? [low, high] : [0, 1];
}
