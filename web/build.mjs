// Builds web/static: the player's modules, its demo pages and the licences of what it ships. `--tests` builds the unit tests.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const TARGET = ["chrome123", "firefox121", "safari17.5"]; // light-dark() and :has()

const minifiedStyles = {
  name: "minified styles",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const made = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: made.code.trim(), loader: "text" };
    });
  },
};

const shared = { absWorkingDir: fileURLToPath(new URL(".", import.meta.url)), bundle: true, format: "esm", charset: "utf8", plugins: [minifiedStyles] };

async function buildPlayer() {
  rmSync(new URL("static", import.meta.url), { recursive: true, force: true });
  // Each module holds all that it needs, so that a page asks for one file; only hls.js is a chunk, asked for when needed.
  for (const name of ["core", "timeline", "player"])
    await build({
      ...shared,
      entryPoints: { [`kandian-${name}`]: `player/${name}/index.ts` },
      outdir: "static/player",
      splitting: true,
      minify: true,
      target: TARGET,
      chunkNames: "[name]-[hash]",
      legalComments: "none",
    });
  cpSync(new URL("player/demo", import.meta.url), new URL("static/demo", import.meta.url), { recursive: true });
  mkdirSync(new URL("static/licenses", import.meta.url));
  cpSync(new URL("node_modules/hls.js/LICENSE", import.meta.url), new URL("static/licenses/hls.js.txt", import.meta.url));
}

/** All unit tests as one module: one node runs them. */
async function buildTests() {
  const names = readdirSync(new URL("player/tests", import.meta.url)).filter((name) => name.endsWith(".test.ts"));
  const contents = names.map((name) => `import "./player/tests/${name}";`).join("\n");
  await build({ ...shared, stdin: { contents, resolveDir: shared.absWorkingDir }, outfile: ".tests/all.mjs", external: ["node:*"], sourcemap: "inline" });
}

await (process.argv.includes("--tests") ? buildTests() : buildPlayer());
