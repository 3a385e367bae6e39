import assert from "node:assert/strict";
import test from "node:test";
import { circlesOf, importsOf, importsOfCrates } from "../../scripts/circles.js";

test("no Rust files import each other, in no circle", () => {
  const all = importsOfCrates();
  assert.ok(all.size > 100, "the files were found");
  assert.ok([...all.values()].filter((each) => each.size > 0).length > 50, "and so was what they import");
  assert.deepEqual(circlesOf(all), []);
});

/** @type {[name: string, files: Record<string, string>, imports: Record<string, string[]>][]} */
const CRATES = [
  ["a path leads to the file that defines its item, through modules and re-exports", {
    "lib.rs": "mod a; mod b; mod c; pub use c::inner::Deep; pub use b::*;",
    "a.rs": "use crate::{Deep, b::{self, Open as Renamed}}; fn f(x: Renamed) { b::make(x) }",
    "b.rs": "pub struct Open; pub fn make(_: Open) {}",
    "c.rs": "pub mod inner; use crate::a; fn g() { a::f() }",
    "c/inner.rs": "pub struct Deep; impl Deep { fn of(x: super::super::Open) {} }",
  }, { "lib.rs": ["b.rs", "c/inner.rs"], "a.rs": ["b.rs", "c/inner.rs"], "b.rs": [], "c.rs": ["a.rs"], "c/inner.rs": ["b.rs"] }],
  ["declarations, comments, texts, tests and other crates are no imports", {
    "lib.rs": "mod a; mod b; use anyhow::anyhow; use std::fmt;",
    "a.rs": `// crate::b::B
      /// [\`B\`](crate::b::B)
      fn f() -> impl Fn() + use<'_> { let c = '"'; anyhow::anyhow!("crate::b::B"); fmt::b::B }
      #[cfg(test)] mod tests { use crate::b::B; fn g() { if true {} } }
      #[cfg(test)] mod more;`,
    "a/more.rs": "use crate::b::B;",
    "b.rs": "pub struct B;",
  }, { "lib.rs": [], "a.rs": [], "b.rs": [] }],
  ["a file that cfg chooses in another's place is read as well, and modules within a file belong to it", {
    "lib.rs": `#[cfg_attr(not(fast), path = "other/a.rs")] mod a; mod b; mod within { use super::b::B; mod deeper { fn f() { super::super::a::go() } } }`,
    "a.rs": "pub fn go() {}",
    "other/a.rs": "pub fn go() { crate::b::B }",
    "b.rs": "pub struct B;",
  }, { "lib.rs": ["a.rs", "b.rs", "other/a.rs"], "a.rs": [], "other/a.rs": ["b.rs"], "b.rs": [] }],
];
for (const [name, files, expected] of CRATES) {
  test(name, () => {
    const imports = [...importsOf("lib.rs", (file) => files[file] ?? null)].map(([file, each]) => [file, [...each].sort()]);
    assert.deepEqual(Object.fromEntries(imports), expected);
  });
}

test("circles are told apart, whatever leads into them", () => {
  const of = (/** @type {Record<string, string[]>} */ files) => circlesOf(new Map(Object.entries(files).map(([file, each]) => [file, new Set(each)])));
  assert.deepEqual(of({ top: ["a", "c"], a: ["b"], b: ["a", "end"], c: ["d"], d: ["e"], e: ["c"], end: [] }), [["a", "b"], ["c", "d", "e"]]);
  assert.deepEqual(of({ a: ["b", "c"], b: ["c"], c: [] }), []);
});
