#!/usr/bin/env node
// Serves a folder of static files on this machine only: `node scripts/serve.js [FOLDER]`.
// The port is PORT or 8000, and the next free one where that is taken.

import { createServer } from "node:http";
import { resolve } from "node:path";
import { argv, env, exit } from "node:process";
import { fileURLToPath } from "node:url";
import sirv from "sirv";
import { PRECACHE, precache } from "./precache.js";

const HOST = "127.0.0.1";
const PORTS_TO_TRY = 20;
/** Names of this machine that make a page secure without a certificate. */
const LOCAL = /^(localhost|127\.0\.0\.1)(:|$)/;

/** What of the browser the page never uses. */
const SWITCHED_OFF = [
  "accelerometer", "browsing-topics", "display-capture", "encrypted-media", "geolocation", "gyroscope", "hid",
  "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "otp-credentials",
  "payment", "picture-in-picture", "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial",
  "storage-access", "usb", "window-management", "xr-spatial-tracking",
];

/**
 * What the page's own policy, in index.html, can't say: who may frame it, what its workers may do, and what else
 * only a server is asked for. SECURITY.md shows the same for static hosts.
 */
export const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    + "img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'",
  "Permissions-Policy": ["camera=(self)", ...SWITCHED_OFF.map((name) => `${name}=()`)].join(", "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // With these two the page is cross-origin isolated, and several threads may share memory.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * A request handler for the files of a folder.
 *
 * `dev` reads the disk at every request, so that a module that was built after the start is
 * found; with `etag` the answers are `no-cache`: kept by the browser, asked after each time.
 *
 * @param {string} folder
 * @param {Record<string, string>} [headers] of every answer; those that it has already are kept
 * @returns {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void}
 */
export function staticFiles(folder, headers = HEADERS) {
  const answer = sirv(folder, {
    dev: true,
    etag: true,
    setHeaders(response, path) {
      // No registered type; without one a browser would guess from the bytes.
      if (path.endsWith(".safetensors")) {
        response.setHeader("Content-Type", "application/octet-stream");
      }
    },
  });
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { Allow: "GET, HEAD" }).end();
      return;
    }
    for (const [name, value] of Object.entries(headers)) {
      if (response.hasHeader(name)) continue;
      // Browsers complain of it where a page is not secure, and ignore it.
      if (name === "Cross-Origin-Opener-Policy" && !LOCAL.test(request.headers.host ?? "")) continue;
      response.setHeader(name, value);
    }
    const notFound = () => void response.writeHead(404, { "Content-Type": "text/plain;charset=utf-8" }).end("Not found\n");
    // Of the files as they are now: a list of earlier ones would keep changes from being seen.
    if (request.url?.split("?")[0] === `/${PRECACHE}`) {
      const list = precache(folder);
      if (list === null) return notFound();
      response.writeHead(200, { "Content-Type": "text/javascript;charset=utf-8", "Cache-Control": "no-cache" }).end(list);
      return;
    }
    answer(request, response, notFound);
  };
}

/**
 * Listens on the first free port from `port` on.
 *
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {number} [attempts]
 * @returns {Promise<number>} the port that was free
 */
export async function listen(server, port, attempts = PORTS_TO_TRY) {
  for (let candidate = port; candidate < port + attempts; candidate += 1) {
    const error = await new Promise((done) => {
      server.once("error", done);
      server.listen(candidate, HOST, () => {
        server.off("error", done);
        done(undefined);
      });
    });
    if (!error) {
      const address = server.address();
      return typeof address === "object" && address ? address.port : candidate;
    }
    if (error.code !== "EADDRINUSE") throw error;
  }
  throw new Error(`the ports ${port} to ${port + attempts - 1} are all taken`);
}

async function main() {
  const folder = resolve(argv[2] ?? "www");
  const wanted = Number(env["PORT"] ?? 8000);
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > 65535) {
    throw new Error(`PORT must be a number from 0 to 65535, and is "${env["PORT"]}"`);
  }
  const port = await listen(createServer(staticFiles(folder)), wanted);
  if (wanted !== 0 && port !== wanted) console.log(`Port ${wanted} is taken.`);
  console.log(`Serving at http://localhost:${port}/`);
}

if (argv[1] && resolve(argv[1]) === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(`serve: ${error.message}`);
    exit(1);
  });
}
