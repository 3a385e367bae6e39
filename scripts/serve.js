#!/usr/bin/env node
// Serves a folder of static files on this machine only: `node scripts/serve.js [FOLDER]`.
// The port is PORT or 8000, and the next free one where that is taken.

import { createServer } from "node:http";
import { resolve } from "node:path";
import { argv, env, exit } from "node:process";
import { fileURLToPath } from "node:url";
import sirv from "sirv";

const HOST = "127.0.0.1";
const PORTS_TO_TRY = 20;

/**
 * A request handler for the files of a folder.
 *
 * `dev` reads the disk at every request, so that a module that was built after the start is
 * found; with `etag` the answers are `no-cache`: kept by the browser, asked after each time.
 *
 * @param {string} folder
 * @returns {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void}
 */
export function staticFiles(folder) {
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
    answer(request, response, () => {
      response.writeHead(404, { "Content-Type": "text/plain;charset=utf-8" }).end("Not found\n");
    });
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
