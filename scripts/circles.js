#!/usr/bin/env node
// Which Rust files of a crate import each other in a circle: `node scripts/circles.js [PROJECT]` names them.
//
// A file imports what the paths in it lead to: those of `use`, and those in the code that begin with `crate`, `self`,
// `super`, a module of the file or a name that `use` brought in. A path is followed through modules and re-exports to the
// file that defines the item. A module that is only declared or named is no import, nor is what tests inside of a file use.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/**
 * A module: what it defines, and what the paths of its code are.
 * @typedef {object} Module
 * @property {string} file
 * @property {Module | null} parent
 * @property {Map<string, Module[]>} children more than one of a name where `cfg` chooses
 * @property {Map<string, string[]>} bound names that `use` brings in, and their paths
 * @property {string[][]} globs paths all of whose items `use` brings in
 * @property {Set<string>} items
 * @property {string[][]} paths
 */

/** @param {string} file @param {Module | null} parent @returns {Module} */
const newModule = (file, parent) => ({ file, parent, children: new Map(), bound: new Map(), globs: [], items: new Set(), paths: [] });

/** Words, `::` and the signs that matter, without comments and texts. @param {string} source */
const tokensOf = (source) => source.match(
  /\/\/.*|\/\*[^]*?\*\/|b?r(#*)"[^]*?"\1|b?"(?:[^"\\]|\\[^])*"|b?'(?:\\.[^']*|[^\\'])'|r#\w+|\w+|::|[#{}()[\];,*!=<>]/g,
)?.filter((token) => !/^(\/\/|\/\*)/.test(token)) ?? [];

/** The paths of a `use`, with the names under which they are known. @param {string[]} tokens up to its `;` @returns {{ path: string[], name: string }[]} */
function useTree(tokens) {
  let at = 0;
  /** @param {string[]} before @returns {{ path: string[], name: string }[]} */
  function tree(before) {
    const path = [...before];
    for (; at < tokens.length; at += 1) {
      const token = tokens[at] ?? "";
      if (token === "::") continue;
      if (token === "{") {
        const found = [];
        for (at += 1; tokens[at] !== "}" && at < tokens.length;) {
          if (tokens[at] === ",") at += 1;
          else found.push(...tree(path));
        }
        at += 1;
        return found;
      }
      if (token === "," || token === "}") break;
      if (token === "as") {
        at += 2;
        return [{ path, name: tokens[at - 1] ?? "" }];
      }
      if (!(token === "self" && path.length > 0)) path.push(token);
    }
    return [{ path, name: path.at(-1) ?? "" }];
  }
  return tree([]);
}

/**
 * @param {string} root the crate's first file
 * @param {(file: string) => string | null} read null where there is no such file
 * @returns {Map<string, Set<string>>} what each file imports
 */
export function importsOf(root, read) {
  /** @type {Module[]} */
  const modules = [];

  /** @param {string} file @param {Module | null} parent @param {string} folder of its modules */
  function load(file, parent, folder) {
    const top = newModule(file, parent);
    const tokens = tokensOf(read(file) ?? "");
    /** Modules that are open, and how many braces were when they began. */
    const open = [{ module: top, braces: 0, folder }];
    modules.push(top);
    let braces = 0;
    let attributes = "";
    for (let at = 0; at < tokens.length; at += 1) {
      const { module: here, folder: home } = open.at(-1) ?? { module: top, folder };
      const [token = "", next = "", third = ""] = tokens.slice(at, at + 3);
      if (token === "#" && (next === "[" || (next === "!" && third === "["))) {
        // An attribute, to its end.
        const start = at;
        let depth = 0;
        do {
          at += 1;
          depth += tokens[at] === "[" ? 1 : tokens[at] === "]" ? -1 : 0;
        } while (at < tokens.length && (depth > 0 || tokens[at] !== "]"));
        attributes += tokens.slice(start, at + 1).join("");
        continue;
      }
      if (token === "{") braces += 1;
      else if (token === "}") {
        braces -= 1;
        if (open.length > 1 && braces === open.at(-1)?.braces) open.pop();
      } else if (token === "mod" && (third === ";" || third === "{")) {
        const isTest = attributes.includes("cfg(test)");
        if (third === "{") {
          if (isTest) {
            // Over it, to its last brace.
            let depth = 0;
            for (at += 2; at < tokens.length; at += 1) {
              depth += tokens[at] === "{" ? 1 : tokens[at] === "}" ? -1 : 0;
              if (depth === 0) break;
            }
          } else {
            const inner = newModule(file, here);
            modules.push(inner);
            here.children.set(next, [inner]);
            open.push({ module: inner, braces, folder: join(home, next) });
            braces += 1;
            at += 2;
          }
        } else if (!isTest) {
          const named = [...attributes.matchAll(/path="([^"]+)"/g)].map(([, path = ""]) => normalize(join(dirname(file), path)));
          const files = [join(home, `${next}.rs`), join(home, next, "mod.rs"), ...named].filter((each) => read(each) !== null);
          here.children.set(next, files.map((each) => load(each, here, named.includes(each) ? dirname(each) : join(home, next))));
        }
      } else if (token === "use" && next !== "<") {
        const end = tokens.indexOf(";", at);
        for (const { path, name } of useTree(tokens.slice(at + 1, end))) {
          if (name === "*") here.globs.push(path.slice(0, -1));
          else here.bound.set(name, path);
          here.paths.push(path);
        }
        at = end;
      } else if (/^(fn|struct|enum|trait|type|const|static|union|macro_rules)$/.test(token)) {
        const name = token === "macro_rules" ? third : next === "mut" ? third : next;
        if (braces === (open.at(-1)?.braces ?? 0) + (open.length > 1 ? 1 : 0)) here.items.add(name);
      } else if (/^\w/.test(token) && next === "::" && tokens[at - 1] !== "::") {
        const path = [token];
        for (; tokens[at + 1] === "::" && /^\w/.test(tokens[at + 2] ?? ""); at += 2) path.push(tokens[at + 2] ?? "");
        here.paths.push(path);
      }
      if (token !== "pub") attributes = "";
    }
    return top;
  }

  const crate = load(root, null, dirname(root));

  /**
   * The files that define what a path leads to; none where that is a module or not of this crate.
   * @param {string[]} path @param {Module} from @param {Set<string>} [asked] against re-exports in a ring
   * @returns {string[]}
   */
  function definedIn(path, from, asked = new Set()) {
    const key = `${modules.indexOf(from)} ${path.join("::")}`;
    if (asked.has(key) || asked.size > 100) return [];
    asked.add(key);
    const [first = "", ...rest] = path;
    /** @param {Module | null} module */
    const within = (module) => (module && rest.length > 0 ? inside(rest, module, asked) : []);
    if (first === "crate") return within(crate);
    if (first === "self") return within(from);
    if (first === "super") return rest[0] === undefined ? [] : rest[0] === "super" && from.parent ? definedIn(rest, from.parent, asked) : within(from.parent);
    if (from.items.has(first)) return [from.file];
    if (from.children.has(first) || from.bound.has(first)) return inside(path, from, asked);
    return globsOf(from).flatMap((glob) => definedIn([...glob, ...path], from, asked));
  }

  /** Those that lead into this crate. @param {Module} module */
  const globsOf = (module) => module.globs.filter(([first = ""]) => /^(crate|self|super)$/.test(first) || module.children.has(first));

  /** @param {string[]} path @param {Module} module @param {Set<string>} asked @returns {string[]} */
  function inside([first = "", ...rest], module, asked) {
    if (first === "*" || module.items.has(first)) return [module.file];
    const children = module.children.get(first);
    const bound = module.bound.get(first);
    // A function may be named as its module is; what is neither this file's nor a module's is another crate's.
    if (children && rest.length > 0) return children.flatMap((child) => inside(rest, child, asked));
    if (bound && bound[0] !== first) return definedIn([...bound, ...rest], module, asked);
    if (children || bound) return children && bound && bound.length > 1 ? inside(bound, module, asked) : [];
    return globsOf(module).flatMap((glob) => definedIn([...glob, first, ...rest], module, asked));
  }

  /** @type {Map<string, Set<string>>} */
  const imports = new Map();
  for (const module of modules) {
    const files = imports.get(module.file) ?? new Set();
    for (const path of module.paths) for (const file of definedIn(path, module)) if (file !== module.file) files.add(file);
    imports.set(module.file, files);
  }
  return imports;
}

/** Groups of files each of which imports the others, if by way of more of them. @param {Map<string, Set<string>>} imports @returns {string[][]} */
export function circlesOf(imports) {
  /** @param {string} from */
  const reached = (from) => {
    const seen = new Set(imports.get(from));
    for (const file of seen) for (const next of imports.get(file) ?? []) seen.add(next);
    return seen;
  };
  const reach = new Map([...imports.keys()].map((file) => [file, reached(file)]));
  const circles = [...reach].filter(([file, seen]) => seen.has(file))
    .map(([file, seen]) => [...seen].filter((other) => reach.get(other)?.has(file)).sort().join("\n"));
  return [...new Set(circles)].map((circle) => circle.split("\n"));
}

/** Those of all crates of a project. @param {string} [project] its folder @returns {Map<string, Set<string>>} */
export function importsOfCrates(project = PROJECT) {
  /** @param {string} file */
  const read = (file) => {
    try {
      return readFileSync(join(project, file), "utf8");
    } catch {
      return null;
    }
  };
  const roots = readdirSync(join(project, "crates")).flatMap((name) => [`crates/${name}/src/lib.rs`, `crates/${name}/src/main.rs`]);
  return new Map(roots.filter((root) => read(root) !== null).flatMap((root) => [...importsOf(root, read)]));
}

if (argv[1] === fileURLToPath(import.meta.url)) for (const circle of circlesOf(importsOfCrates(argv[2]))) console.log(circle.join(" "));
