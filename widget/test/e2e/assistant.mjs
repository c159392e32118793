// The real assistant: the one at SEATWISE_URL, or one that is started here (from SEATWISE_ROOT, by default this project).

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ROOT = process.env.SEATWISE_ROOT ?? here("../../..");
const PYTHON = process.env.SEATWISE_PYTHON ?? here("../../../.venv/bin/python");

export async function realAssistant(origins = "") {
  if (process.env.SEATWISE_URL) return { url: process.env.SEATWISE_URL, isOurs: false, stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), "seatwise-widget-"));
  const port = await freePort();
  let running = await started();

  async function started() {
    const process = spawn(PYTHON, [here("serve.py"), ROOT, String(port), folder, origins], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((ready, fail) => {
      process.stdout.on("data", (line) => /^http/m.test(String(line)) && ready());
      process.on("exit", (code) => fail(new Error(`the assistant ended by itself (${code})`)));
    });
    return process;
  }
  async function ended(signal) {
    const gone = new Promise((done) => running.once("exit", done));
    running.kill(signal);
    await gone;
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    isOurs: true,
    /** Without a farewell, as a power cut would. */
    kill: () => ended("SIGKILL"),
    async start() {
      running = await started();
    },
    async stop() {
      if (running.exitCode === null && running.signalCode === null) await ended("SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort() {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => found(port));
    });
  });
}
