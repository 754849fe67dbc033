// Puts the page together: node make_page.mjs NODE_MODULES PAGE.html
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [modules, page] = process.argv.slice(2);
const { build } = createRequire(join(modules, "index.js"))("esbuild");
const sources = dirname(fileURLToPath(import.meta.url));

const bundle = async (entry) => {
    const made = await build({
        entryPoints: [join(sources, entry)],
        nodePaths: [modules],
        bundle: true,
        minify: true,
        write: false,
        format: "iife",
        target: "es2020",
        charset: "ascii",
        legalComments: "none",
        logLevel: "error",
    });
    return made.outputFiles[0].text.trim();
};

// MIT asks that its notice stays with every copy.
const licence = (name) => `${name}\n${readFileSync(join(modules, name, "LICENSE"), "utf8")}`.replace(/--/g, "- -");

const parts = { LICENCES: ["three", "uplot"].map(licence).join("\n"), STYLE: await bundle("page.css"), SCRIPT: await bundle("page.js") };
const text = readFileSync(join(sources, "page.html"), "utf8").replace(/KATION_(LICENCES|STYLE|SCRIPT)/g, (_, part) => parts[part]);
mkdirSync(dirname(page), { recursive: true });
writeFileSync(page, text);
