// Lit announces itself in four global variables. A widget in someone else's page leaves none but its own,
// so the built file is made from Lit without them.
import { readFile } from "node:fs/promises";
import path from "node:path";

const CHANGES = {
  "lit-html.js": [[/\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[^"]+"\)/, "0"]],
  "lit-element.js": [[/\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[^"]+"\)/, "0"]],
  "reactive-element.js": [
    [/\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[^"]+"\)/, "0"],
    [/\w+\.litPropertyMetadata\?\?=new WeakMap/, "0"],
    // Only decorators, which nothing here uses, ever put anything into it.
    [/\blitPropertyMetadata\.get\(\w+\)/, "void 0"],
  ],
};

/** An esbuild plug-in. Fails the build if Lit no longer reads as expected, instead of leaking in silence. */
export const slimLit = {
  name: "slim-lit",
  setup(build) {
    build.onLoad({ filter: /[\\/](lit-html|lit-element|reactive-element)\.js$/ }, async ({ path: file }) => {
      let text = await readFile(file, "utf8");
      for (const [pattern, replacement] of CHANGES[path.basename(file)]) {
        if (text.search(pattern) < 0) throw new Error(`${file}: ${pattern} is not there any more`);
        text = text.replace(pattern, replacement);
      }
      return { contents: text, loader: "js" };
    });
  },
};
