// The page's server under test: the one that scripts/run.sh uses, with a log of what was asked,
// a policy that forbids every other origin, and files that a test can damage.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { HEADERS, listen, staticFiles } from "../../scripts/serve.js";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const WWW = `${ROOT}www`;

/** @type {{ file: string, sha256: string, bytes: number, labels: string[], precision: string }} */
export const MANIFEST = JSON.parse(readFileSync(`${WWW}/models/manifest.json`, "utf8"));
export const MODEL_PATH = `/models/${MANIFEST.file}`;
/** What classifies on the CPU: plain, with relaxed SIMD, with threads besides. The browser under test takes one of them. */
export const CPU_SCRIPTS = ["/pkg/signet_cpu.js", "/pkg/signet_cpu_relaxed.js", "/pkg/signet_cpu_threads.js"];
export const CPU_MODULES = CPU_SCRIPTS.map((path) => path.replace(".js", "_bg.wasm"));

const { "Cross-Origin-Opener-Policy": _, "Cross-Origin-Embedder-Policy": __, ...OTHER_HEADERS } = HEADERS;
/** The server's headers without those that isolate a page. */
export const UNISOLATED = OTHER_HEADERS;
/** As scripts/serve.js; but where the module with threads is not built, an isolated page would ask for it in vain. */
const servePage = staticFiles(WWW, existsSync(`${WWW}${CPU_SCRIPTS[2]}`) ? HEADERS : UNISOLATED);

/** A name for this machine that is not a secure context, as a page on a local network is. */
export const INSECURE_HOST = "signet.test";

const REPORTS = "/policy-reports";
// Whatever the page, its workers or its service worker ask of another origin is refused and reported.
const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "connect-src 'self' blob: data:",
  "worker-src 'self' blob:",
  `report-uri ${REPORTS}`,
].join("; ");

/** @typedef {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} Handler */

/** A status without a body. @param {number} status @returns {Handler} */
export const failing = (status) => (_, response) => void response.writeHead(status).end();
/** A file of a test's own. @param {string | Uint8Array} body @param {string} [type] @returns {Handler} */
export const answering = (body, type = "text/javascript") => (_, response) => (
  void response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", "Content-Length": Buffer.byteLength(body) }).end(body));
/** As hosts of single-page sites answer for a file that they don't have. */
export const startPage = answering("<!doctype html><title>Welcome</title><h1>Log in</h1>", "text/html");

export class TestServer {
  /** Every request that arrived, as `GET /path`. @type {string[]} */
  requests = [];
  /** What the policy reported: an address that is not ours. @type {string[]} */
  violations = [];
  /** The header beside the page's own policy; null for none. @type {string | null} */
  policy = POLICY;
  /** The real file. @type {Handler} */
  serve = servePage;
  /** @type {Map<string, Handler>} */
  #replaced = new Map();
  /** @type {import("node:http").Server | undefined} */
  #server;
  #port = 0;

  static async start() {
    const server = new TestServer();
    await server.resume();
    return server;
  }

  get origin() {
    return `http://localhost:${this.#port}`;
  }

  /** The same server under a name that a browser does not count as secure. */
  get insecureOrigin() {
    return `http://${INSECURE_HOST}:${this.#port}`;
  }

  /** Starts listening, at the same port as before. */
  async resume() {
    this.#server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", this.origin).pathname;
      if (path === REPORTS) return this.#note(request, response);
      this.requests.push(`${request.method} ${path}`);
      if (this.policy) response.setHeader("Content-Security-Policy", this.policy);
      (this.#replaced.get(path) ?? this.serve)(request, response);
    });
    this.#port = await listen(this.#server, this.#port, 1);
  }

  /** Stops: open connections are cut, as when the network goes. */
  async stop() {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  }

  /** Answers a path, or each of several, with something else until `restore`. @param {string | string[]} paths @param {Handler} handler */
  replace(paths, handler) {
    for (const path of [paths].flat()) this.#replaced.set(path, handler);
  }

  /**
   * Serves a file of the page with another text at some places, each of which it must have.
   * @param {string} path
   * @param {Record<string, string>} changes
   */
  edit(path, changes) {
    let text = readFileSync(WWW + path, "utf8");
    for (const [from, to] of Object.entries(changes)) {
      assert.ok(text.includes(from), `${path} has ${from}`);
      text = text.replaceAll(from, to);
    }
    this.replace(path, answering(text));
  }

  /**
   * Keeps every request for `path` waiting, also those of a page that has lost patience and asks again.
   * @param {string} path
   * @returns {{ isAsked: () => boolean, letIn: () => void }}
   */
  hold(path) {
    /** @type {(() => void)[]} */
    const waiting = [];
    this.replace(path, (request, response) => { waiting.push(() => this.serve(request, response)); });
    const letIn = () => {
      this.#replaced.delete(path);
      for (const serve of waiting) serve();
    };
    return { isAsked: () => waiting.length > 0, letIn };
  }

  restore() {
    this.#replaced.clear();
    this.serve = servePage;
    this.policy = POLICY;
  }

  /** How often `path` was asked for since `start`, an earlier length of `requests`. @param {string} path @param {number} [start] */
  count(path, start = 0) {
    return this.requests.slice(start).filter((request) => request === `GET ${path}`).length;
  }

  /** @type {Handler} */
  #note(request, response) {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const report = JSON.parse(body)["csp-report"];
      this.violations.push(`${report["violated-directive"]} forbids ${report["blocked-uri"]}`);
      response.writeHead(204).end();
    });
  }
}
