// What scripts/package.sh makes: the packed library, in Vite, in webpack, in Node.js and in TypeScript; the page's zip.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { listen, staticFiles } from "../../scripts/serve.js";
import { launch, visit } from "../e2e/browser.js";
import { NO_PHOTOS, emptyFolder, photos, predictNatively } from "../e2e/files.js";
import { STRICT, host } from "../e2e/library.js";
import { hand, png } from "../e2e/pictures.js";
import { ROOT, TestServer, WWW } from "../e2e/server.js";

const HERE = join(ROOT, "tests/library");
const MOST_BYTES = 2e6;

/** A project of others, into which the package is installed. */
const project = emptyFolder();
/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;
let tarball = "";

/** Its folder in a project, as npm would unpack it. */
const installed = join(project, "node_modules/signet");

before(async () => {
  execFileSync(join(ROOT, "scripts/package.sh"), { stdio: ["ignore", "ignore", "inherit"] });
  const [name = ""] = readdirSync(join(ROOT, "dist")).filter((each) => /^signet-.*\.tgz$/.test(each));
  tarball = join(ROOT, "dist", name);
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["xzf", tarball, "-C", installed, "--strip-components=1"]);
  cpSync(join(HERE, "page"), join(project, "page"), { recursive: true });
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  browser = await launch();
});
after(() => browser?.close());

/** @param {string} name */
const hasProgram = (name) => spawnSync(name, ["--version"]).status === 0;

/** Installed in this folder alone: the project's own types know nothing of it. @param {"vite" | "webpack"} name @returns {Promise<any>} */
const bundler = (name) => import(name);

/** What a host has beside the bundle: the package as it is, the modules that look inside, a model, a photo. @param {string} site */
function addFiles(site) {
  cpSync(installed, join(site, "signet"), { recursive: true });
  for (const name of ["signet_cpu_inspect.js", "signet_cpu_inspect_bg.wasm"]) cpSync(join(WWW, "pkg", name), join(site, "signet/pkg", name));
  symlinkSync(join(WWW, "models"), join(site, "models"));
  writeFileSync(join(site, "photo.png"), png(hand(4, 220, 220)));
  writeFileSync(join(site, "favicon.ico"), "");
}

/** The page answers, under the policy, and asks for nothing elsewhere. @param {string} address @param {string} [policy] */
const answers = (address, policy) => host(browser, address, { policy }, async (opened) => {
  await opened.waitForFunction(() => "result" in globalThis);
  const result = await opened.evaluate(() => /** @type {any} */ (globalThis).result);
  assert.deepEqual(result, { label: "4", explained: "4", classes: 7, element: "4" });
});

/** @param {string} site @param {string} policy @param {(address: string) => Promise<void>} body */
async function served(site, policy, body) {
  const server = createServer(staticFiles(site, { "Content-Security-Policy": policy }));
  const port = await listen(server, 0);
  try {
    await body(`http://localhost:${port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("it is packed in two megabytes, with its licences, and without a model", () => {
  const names = execFileSync("tar", ["tzf", tarball]).toString().split("\n");
  const { size } = statSync(tarball);
  console.log(`${(size / 1e6).toFixed(2)} MB`);
  assert.ok(size <= MOST_BYTES, `${size} bytes`);
  for (const name of ["signet.d.ts", "hand-sign.js", "node/index.d.ts", "LICENSE-MIT", "THIRD-PARTY.md", "README.md"]) assert.ok(names.includes(`package/${name}`), name);
  assert.deepEqual(names.filter((name) => /models\/|\/ui\/|\/i18n\/|safetensors/.test(name)), []);
});

test("the page's zip, unpacked on any host, opens and answers", { skip: !hasProgram("python3") && "python3, which unpacks it, is not here" }, async () => {
  const site = join(project, "site");
  execFileSync("python3", ["-m", "zipfile", "-e", join(ROOT, "dist/site.zip"), site]);
  const any = await TestServer.start();
  any.serve = staticFiles(site, {});
  try {
    await visit(browser, any, { query: "?backend=cpu" }, async (signet) => {
      await signet.ready();
      const file = join(project, "four.png");
      writeFileSync(file, png(hand(4, 220, 220)));
      assert.equal((await signet.upload(file)).label, "4");
    });
  } finally {
    await any.stop();
  }
});

test("Vite's build answers under a strict policy", async () => {
  const { build } = await bundler("vite");
  const site = join(project, "vite");
  await build({ root: join(project, "page"), logLevel: "error", configFile: false, build: { outDir: site, target: "esnext", emptyOutDir: true } });
  addFiles(site);
  await served(site, STRICT, (address) => answers(address, STRICT));
});

test("Vite's development server answers", async () => {
  const { createServer: develop } = await bundler("vite");
  const site = join(project, "public");
  mkdirSync(site);
  addFiles(site);
  const server = await develop({ root: join(project, "page"), publicDir: site, configFile: false, logLevel: "error", server: { port: 0, host: "127.0.0.1", hmr: false, fs: { strict: false } } });
  try {
    await server.listen();
    const address = server.httpServer?.address();
    assert.ok(address && typeof address === "object");
    await answers(`http://127.0.0.1:${address.port}/`);
  } finally {
    await server.close();
  }
});

test("webpack's build answers under a strict policy", async () => {
  const { default: webpack } = await bundler("webpack");
  const site = join(project, "webpack");
  await new Promise((done, fail) => webpack({
    mode: "production", context: join(project, "page"), entry: "./main.js", performance: false,
    output: { path: site, filename: "main.js", trustedTypes: { policyName: "webpack" } },
  }, (/** @type {Error | null} */ error, /** @type {any} */ stats) => {
    if (error || stats?.hasErrors()) return fail(error ?? new Error(stats?.toString("errors-only")));
    assert.deepEqual(stats?.compilation.warnings.map(String), []);
    done(undefined);
  }));
  const html = readFileSync(join(project, "page/index.html"), "utf8").replace('type="module"', "defer");
  writeFileSync(join(site, "index.html"), html);
  addFiles(site);
  const policy = STRICT.replace("trusted-types signet", "trusted-types signet webpack");
  await served(site, policy, (address) => answers(address, policy));
});

test("in Node.js it answers files as the command does, and lets the program end", { skip: NO_PHOTOS }, () => {
  const chosen = photos(1).map(({ file }) => file);
  const script = join(project, "files.js");
  writeFileSync(script, `import { Signet } from "signet";
    const signet = await Signet.load({ model: process.argv[2] });
    const answers = [];
    for (const file of process.argv.slice(3)) answers.push(await signet.classify(file));
    console.log(JSON.stringify(answers.map(({ label, probabilities }) => ({ label, probabilities: Object.values(probabilities) }))));`);
  const answered = JSON.parse(execFileSync("node", [script, join(WWW, "models/manifest.json"), ...chosen], { timeout: 60_000 }).toString());
  for (const [index, native] of predictNatively(chosen).entries()) {
    assert.equal(answered[index].label, native.label);
    native.probabilities.forEach((value, at) => assert.ok(Math.abs(value - answered[index].probabilities[at]) < 1e-4));
  }
});

test("without the modules that train and explain it says which are missing and where they are", () => {
  const script = join(project, "missing.js");
  writeFileSync(script, `import { Signet } from "signet";
    const signet = await Signet.load({ model: process.argv[2] });
    const image = { data: new Uint8ClampedArray(4 * 64 * 64), width: 64, height: 64 };
    const samples = ["a", "a", "b", "b"].map((label) => ({ label, image }));
    for (const work of [() => signet.fineTune(samples), () => signet.explain(image)]) {
      const { code, message } = await work().then(() => ({}), (thrown) => thrown);
      console.log(code, message);
    }
    signet.close();`);
  const said = execFileSync("node", [script, join(WWW, "models/manifest.json")], { timeout: 60_000 }).toString();
  assert.match(said, /^module-missing .*signet_cpu_learn\.js.*site\.zip\nmodule-missing .*signet_cpu_inspect\.js.*site\.zip\n$/);
});

test("its types say what may be asked", () => {
  cpSync(join(HERE, "types.ts"), join(project, "types.ts"));
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({
    compilerOptions: { strict: true, target: "es2022", module: "esnext", moduleResolution: "bundler", lib: ["esnext", "dom", "dom.iterable"], types: [], noEmit: true, skipLibCheck: false },
    files: ["types.ts"],
  }));
  const tsc = createRequire(join(ROOT, "package.json")).resolve("typescript/bin/tsc");
  try {
    execFileSync("node", [tsc, "--project", project]);
  } catch (error) {
    assert.fail(String(/** @type {any} */ (error).stdout));
  }
});
