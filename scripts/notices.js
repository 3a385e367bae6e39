#!/usr/bin/env node
// Writes THIRD-PARTY.md: every crate that is compiled into the page's modules or the command, its licence, and the
// text of that licence with the crate's copyright lines. `node scripts/notices.js --check` says whether it is current.

import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const FILE = join(ROOT, "THIRD-PARTY.md");
/** What is handed out, as it is built. */
const BUILDS = [
  ["-p", "signet-wasm-learn", "--features", "cpu,gpu", "--target", "wasm32-unknown-unknown"],
  ["-p", "signet-wasm-convert", "--target", "wasm32-unknown-unknown"],
  ["-p", "signet", "--target", "x86_64-unknown-linux-gnu"],
];
/** Where a crate leaves the choice, the first of these that it offers. */
const PREFERRED = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "BSL-1.0", "Unicode-3.0", "MPL-2.0"];
/** What names the file of a licence in a crate that has several. @type {Record<string, RegExp>} */
const NAMED = { "MIT": /mit/i, "Apache-2.0": /apache/i, "Zlib": /zlib/i, "BSL-1.0": /boost|bsl/i, "Unicode-3.0": /unicode/i };

/** @param {string[]} given @returns {string} */
const cargo = (given) => execFileSync("cargo", given, { cwd: ROOT, maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] }).toString("utf8");

/** Names with versions, `paste 1.0.15`, of everything that is built; our own crates have a path behind them. */
function builtCrates() {
  const lines = BUILDS.flatMap((build) => cargo(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}", ...build]).split("\n"));
  const names = lines.filter((line) => line && !line.includes("(/")).map((line) => line.replace(/ v(\S+).*/, " $1"));
  return [...new Set(names)].sort();
}

/** The licences that are chosen: one of each group that all apply. @param {string} expression as in Cargo.toml */
function choose(expression) {
  return expression.replaceAll("/", " OR ").split(" AND ").map((group) => {
    const offered = group.split(/ OR |[()]/).map((part) => part.trim()).filter(Boolean);
    return PREFERRED.find((licence) => offered.includes(licence)) ?? offered.join(" OR ");
  });
}

/** Addresses are for writing to their owners, not for notices. @param {string} line */
const withoutAddress = (line) => line.replace(/\s*<[^>]*@[^>]*>?|\s*\([^)]*@[^)]*\)/g, "");

/** The text of the chosen licence, without the crate's own copyright lines, and those. @param {string} folder @param {string} licence */
function textOf(folder, licence) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|unlicense)/i.test(name) && !/\.(rs|toml)$/.test(name)).sort();
  const file = files.find((name) => NAMED[licence]?.test(name)) ?? files.find((name) => !/apache|mit/i.test(name)) ?? files[0];
  if (!file) return null;
  try {
    const lines = readFileSync(join(folder, file), "utf8").replaceAll("\r", "").split("\n").map((line) => line.trim());
    const isCopyright = (/** @type {string} */ line) => /^(\(c\)|copyright\b|©)/i.test(line) && /\d{4}|\(c\)|©/i.test(line) && !/\[yyyy\]|\{yyyy\}/.test(line);
    return {
      copyright: [...new Set(lines.filter(isCopyright).map(withoutAddress))],
      text: lines.filter((line) => !isCopyright(line)).join("\n").replace(/\n{3,}/g, "\n\n").trim(),
    };
  } catch {
    return null; // a folder of that name
  }
}

/** @type {{ name: string, version: string, license: string | null, authors: string[], repository: string | null, manifest_path: string }[]} */
const known = JSON.parse(cargo(["metadata", "--format-version", "1", "--locked"])).packages;
const byName = new Map(known.map((crate) => [`${crate.name} ${crate.version}`, crate]));

/** @type {string[]} */
const rows = [];
/** Crates by the text that they come with, white space and line breaks aside. @type {Map<string, { licence: string, text: string, crates: string[] }>} */
const texts = new Map();
for (const id of builtCrates()) {
  const crate = byName.get(id);
  if (!crate) throw new Error(`cargo metadata does not know ${id}`);
  const licences = choose(crate.license ?? "see its text");
  rows.push(`| ${crate.name} | ${crate.version} | ${licences.join(" and ")} | ${crate.repository ?? ""} |`);
  for (const licence of licences) {
    const found = textOf(dirname(crate.manifest_path), licence);
    const by = found?.copyright.length ? found.copyright.join("; ") : crate.authors.map(withoutAddress).join(", ") || `the authors of ${crate.name}`;
    const key = found ? found.text.replace(/\W+/g, " ").toLowerCase() : licence;
    const group = texts.get(key) ?? { licence, text: found?.text ?? "(The crate comes without its text.)", crates: [] };
    group.crates.push(`${id}: ${by}`);
    texts.set(key, group);
  }
}

const groups = [...texts.values()].sort((left, right) => right.crates.length - left.crates.length);
const notices = `# Third-party notices

Made by \`node scripts/notices.js\` from Cargo.lock and the crates' own files; \`scripts/audit.sh\` says when it is out
of date. The page's JavaScript has no dependency. The weights' provenance is in [www/models/README.md](www/models/README.md).

These ${rows.length} crates are compiled into the page's modules or into the \`signet\` command, procedural macros included.
Where a crate leaves the choice of its licence, the one named here is chosen.

| crate | version | licence | source |
|---|---|---|---|
${rows.join("\n")}

${groups.map(({ licence, text, crates }) => `## ${licence}: ${crates.length === 1 ? crates[0]?.split(":")[0] : `${crates.length} crates`}

${crates.map((line) => `- ${line}`).join("\n")}

\`\`\`text
${text}
\`\`\`
`).join("\n")}`;

if (argv[2] === "--check") {
  let current = "";
  try {
    current = readFileSync(FILE, "utf8");
  } catch {
    // absent is out of date
  }
  if (current !== notices) {
    console.error("THIRD-PARTY.md is out of date: node scripts/notices.js");
    exit(1);
  }
} else {
  writeFileSync(FILE, notices);
}
