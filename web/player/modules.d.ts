// What the build turns into modules, and what Node brings to the tests.

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "node:test" {
  export function test(name: string, body: () => void | Promise<void>): void;
}

declare module "node:assert/strict" {
  export function equal(actual: unknown, expected: unknown, message?: string): void;
  export function deepEqual(actual: unknown, expected: unknown, message?: string): void;
  export function ok(value: unknown, message?: string): asserts value;
  export function throws(body: () => unknown, expected: RegExp): void;
}

declare module "hls.js/dist/hls.min.mjs" {
  export { default, ErrorTypes, Events } from "hls.js";
}
