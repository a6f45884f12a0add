// The program itself, with the simulated bookmaker it asks: started, ended and started again, all
// on this machine, in a folder of their own.

import {execFile, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const kRoot = fileURLToPath(new URL('../../', import.meta.url));
const kBinary = process.env.ODDSLOOM_BINARY ?? join(kRoot, 'build/release/oddsloom');

/**
 * Until the condition holds. @param {() => any} condition @param {string} what @param {number}
 * [limit]
 */
export async function until(condition, what, limit = 30_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`still not so after ${limit / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export class Program {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'oddsloom-dashboard-'));
    this.running = new Set();
    this.said = '';  // by all that were started: what they print, and their logs
    this.environment = {
      ...process.env,
      XDG_STATE_HOME: this.folder,
      ODDSLOOM_STORE_URL: `sqlite:${this.folder}/odds.db`
    };
  }

  /**
   * @param {string[]} args @returns {Promise<{ child: any, line: string }>} once it printed a line
   *     that matches
   */
  async start(args, /** @type {RegExp} */ expected) {
    const child = spawn(
        kBinary, args, {cwd: kRoot, env: this.environment, stdio: ['ignore', 'pipe', 'pipe']});
    this.running.add(child);
    let out = '';
    const hear = (/** @type {any} */ text) => {
      out = (out + text).slice(-20_000);
      this.said += text;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', () => this.running.delete(child));
    const line = await until(() => {
      if (child.exitCode !== null)
        throw new Error(`oddsloom ${args.join(' ')} ended with ${child.exitCode}:\n${out}`);
      return expected.exec(out)?.[0];
    }, `oddsloom ${args.join(' ')} says ${expected}; it said:\n${out}`);
    return {child, line};
  }

  /** @param {number} live @param {number} upcoming */
  async simulate(live, upcoming) {
    const started = await this.start(
        ['simulate', '--port', '0', '--live', String(live), '--upcoming', String(upcoming)],
        /http:\/\/\S+/);
    this.simulator = started.line;
  }

  async work() {
    await this.start(
        ['run', '--plain', '--bookmaker', 'BookieDelta', '--base-url', this.simulator],
        /documents/);
  }

  /** All simulated bookmakers, followed and served by one process. */
  async run_simulated(/** @type {number} */ live, /** @type {number} */ upcoming) {
    this.environment.ODDSLOOM_SERVE_LISTEN = '127.0.0.1:0';
    const {line} = await this.start(
        ['run', '--plain', '--simulate', '--live', String(live), '--upcoming', String(upcoming)],
        /http:\/\/\S+(?=\/)/);
    this.url = line;
  }

  /** What a command prints. @param {string[]} args */
  async output(args) {
    const {stdout} = await promisify(execFile)(kBinary, args, {cwd: kRoot, env: this.environment});
    return stdout.trim();
  }

  /** The store's links. @returns {Promise<any[]>} */
  async links() {
    const lines = await this.output(['links', 'list', '--json', '--limit', '100000']);
    return lines ? lines.split('\n').map((line) => JSON.parse(line)) : [];
  }

  /** @param {number} [port] */
  async serve(port = 0) {
    const {child, line} =
        await this.start(['serve', '--listen', `127.0.0.1:${port}`], /http:\/\/\S+/);
    this.server = child;
    this.url = line;
  }

  async kill_server() {
    this.server.kill('SIGKILL');
    await until(() => this.server.signalCode !== null, 'the server is gone');
  }

  /** What is really on offer. */
  async truth() {
    return (await fetch(`${this.simulator}/sim/truth`)).json();
  }

  async control(/** @type {string} */ what) {
    await fetch(`${this.simulator}/sim/${what}`, {method: 'POST'});
  }

  async stop() {
    for (const child of [...this.running]) child.kill('SIGKILL');
    await until(() => this.running.size === 0, 'everything has ended');
    rmSync(this.folder, {recursive: true, force: true});
  }
}
