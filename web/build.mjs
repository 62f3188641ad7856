// Builds the browser's files into api/static, and says how large they are.
//   node build.mjs           robo.js, and the console's files where their sources are there
//   node build.mjs --types   src/generated/api.ts from the API's own schema
//   node build.mjs --tests   the tests, bundled for node's own runner
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { slimLit } from "./slim-lit.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const OUT = path.join(HERE, "../api/static");
const TESTS = path.join(HERE, "node_modules/.robo-tests");
const LARGEST_WIDGET = 45 * 1024;

/** `import css from "./x.css"` gives the minified text, for adopted style sheets. */
const cssText = {
  name: "css-text",
  setup(build) {
    build.onLoad({ filter: /widget[\\/].*\.css$/ }, async ({ path: file }) => {
      const css = await esbuild.transform(readFileSync(file, "utf8"), { loader: "css", minify: true, target: "es2022" });
      return { contents: css.code.trim(), loader: "text" };
    });
  },
};

/** Templates without the indentation of their source; whatever is not in a template is minified anyway. */
const flatTemplates = {
  name: "flat-templates",
  setup(build) {
    build.onLoad({ filter: /widget[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replace(/\n[ \t]+/g, "\n"),
      loader: "ts",
    }));
  },
};

const SHARED = {
  bundle: true,
  minify: true,
  target: "es2022",
  format: "iife",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: HERE,
};

/** Print a built file's sizes; returns the size after gzip in bytes. */
function weigh(name) {
  const body = readFileSync(path.join(OUT, name));
  const zipped = gzipSync(body, { level: 9 }).length;
  process.stdout.write(`${name}: ${body.length} bytes, ${zipped} gzip\n`);
  return zipped;
}

async function browserFiles() {
  mkdirSync(OUT, { recursive: true });
  await esbuild.build({
    ...SHARED,
    entryPoints: ["src/widget/main.ts"],
    outfile: path.join(OUT, "robo.js"),
    plugins: [slimLit, cssText, flatTemplates],
  });
  const zipped = weigh("robo.js");
  if (zipped > LARGEST_WIDGET) {
    rmSync(path.join(OUT, "robo.js"));
    throw new Error(`robo.js is ${zipped} bytes after gzip; at most ${LARGEST_WIDGET} are allowed`);
  }
  await esbuild.build({
    ...SHARED,
    entryPoints: ["src/widget/requests/main.ts"],
    outfile: path.join(OUT, "robo-offers.js"),
    plugins: [flatTemplates],
  });
  weigh("robo-offers.js");
  for (const [source, made] of [["console/main.ts", "console.js"], ["console/console.css", "console.css"]]) {
    if (!existsSync(path.join(HERE, "src", source))) continue;
    const entryPoints = [path.join("src", source)];
    await esbuild.build({ ...SHARED, entryPoints, outfile: path.join(OUT, made), external: ["*.woff2", "*.svg", "*.png"] });
    weigh(made);
  }
}

/** Write the TypeScript types of the API: its routes, and what its event stream carries. */
async function types() {
  const { default: openapi, astToString } = await import("openapi-typescript");
  const python = process.env.ROBO_PYTHON ?? path.join(HERE, "../.venv/bin/python");
  const schema = execFileSync(python, ["-m", "api.schema"], {
    cwd: path.join(HERE, ".."),
    maxBuffer: 1e8,
    stdio: ["ignore", "pipe", "inherit"],
  });
  // A field with a default is always there in what the API sends.
  const tree = await openapi(JSON.parse(schema.toString()), { defaultNonNullable: true });
  mkdirSync(path.join(HERE, "src/generated"), { recursive: true });
  writeFileSync(path.join(HERE, "src/generated/api.ts"), astToString(tree));
}

async function tests() {
  rmSync(TESTS, { recursive: true, force: true });
  const entryPoints = readdirSync(path.join(HERE, "test")).filter((name) => name.endsWith(".test.ts"));
  await esbuild.build({
    ...SHARED,
    entryPoints: entryPoints.map((name) => path.join("test", name)),
    outdir: TESTS,
    outExtension: { ".js": ".mjs" },
    plugins: [cssText],
    minify: false,
    platform: "node",
    format: "esm",
  });
}

const wanted = process.argv[2];
try {
  await (wanted === "--types" ? types() : wanted === "--tests" ? tests() : browserFiles());
} catch (fault) {
  process.stderr.write(`${fault.message}\n`);
  process.exitCode = 1;
}
