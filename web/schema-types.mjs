// Writes the TypeScript types of highlights.json from its JSON Schema; with --check only says whether they are current.
import { readFileSync, writeFileSync } from "node:fs";

const SCHEMA = new URL("../docs/schema/highlights-1.0.json", import.meta.url);
const TYPES = new URL("player/core/highlights-1.0.ts", import.meta.url);

const SIMPLE = { string: "string", number: "number", integer: "number", boolean: "boolean", null: "null" };

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  if (schema.type === "array") return `readonly ${typeOf(schema.items)}[]`;
  if (schema.type === "object") return `Readonly<Record<string, ${typeOf(schema.additionalProperties)}>>`;
  if (schema.type in SIMPLE) return SIMPLE[schema.type];
  throw new Error(`no TypeScript type is known for ${JSON.stringify(schema)}; teach it to web/schema-types.mjs`);
}

function interfaceOf(name, schema) {
  const needed = new Set(schema.required);
  const lines = Object.entries(schema.properties).map(
    ([key, value]) => `  readonly ${key}${needed.has(key) ? "" : "?"}: ${typeOf(value)};`,
  );
  const about = schema.description.replaceAll("*/", "* /").split("\n").map((line) => ` * ${line}`.trimEnd());
  return `/**\n${about.join("\n")}\n */\nexport interface ${name} {\n${lines.join("\n")}\n}\n`;
}

const schema = JSON.parse(readFileSync(SCHEMA, "utf8"));
const parts = Object.entries({ ...schema.$defs, [schema.title]: schema }).map(([name, each]) => interfaceOf(name, each));
const text = `// Made by web/schema-types.mjs from docs/schema/highlights-1.0.json; not to be edited by hand.\n\n${parts.join("\n")}`;

if (process.argv.includes("--check")) {
  if (readFileSync(TYPES, "utf8") !== text) {
    console.error("player/core/highlights-1.0.ts is not what docs/schema says; run: cd web && npm run schema");
    process.exit(1);
  }
} else {
  writeFileSync(TYPES, text);
}
