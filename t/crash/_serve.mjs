// For tests of the whole program: a workspace in a temporary folder and a server that one can kill.
// Used by t/crash; starts $DAFTAR (build/asan/daftar).
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const DAFTAR = process.env.DAFTAR ?? 'build/asan/daftar';
export const PASSWORD = 'a quiet sentence for tests';
export const OWNER = 'owner@example.com';

// TAP, as t/run.sh counts it.
let number = 0;
export function ok(good, name, why) {
    number++;
    console.log(`${good ? 'ok' : 'not ok'} ${number} - ${name}`);
    if (!good && why) console.log(String(why).split('\n').slice(0, 60).map((l) => '# ' + l).join('\n'));
    if (!good) process.exitCode = 1;
    return good;
}
export function plan() {
    console.log(`1..${number}`);
}
export async function test(name, run) {
    try {
        await run();
        ok(true, name);
    } catch (e) {
        ok(false, name, e.stack ?? e);
    }
}
export function must(good, said) {
    if (!good) throw new Error(said);
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Workspace {
    // database: postgres://… or nothing
    constructor({ database, language = 'en', name = 'Test & Co', dir } = {}) {
        this.dir = dir ?? mkdtempSync(join(tmpdir(), 'daftar-run-'));
        this.where = ['--data', join(this.dir, 'data')];
        if (database) this.where.push('--database', database);
        writeFileSync(join(this.dir, 'password'), PASSWORD + '\n');
        this.run('init', '--name', name, '--email', OWNER, '--owner', 'Olga', '--password-file',
            join(this.dir, 'password'), '--language', language);
    }
    // A command to its end; what it prints. Throws when it fails.
    run(command, ...more) {
        return execFileSync(DAFTAR, [command, ...this.where, ...more],
            { encoding: 'utf8', timeout: 120000, stdio: ['ignore', 'pipe', 'pipe'] });
    }
    // A command that may be killed: the process, and its end as { code, out }.
    begin(command, ...more) {
        const child = spawn(DAFTAR, [command, ...this.where, ...more], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
        let out = '';
        child.stdout.on('data', (d) => { out += d; });
        child.stderr.on('data', (d) => { out += d; });
        return { child, ended: new Promise((done) => child.on('close', (code) => done({ code, out }))) };
    }
    token() {
        return this.run('token', '--email', OWNER, '--name', 'test').match(/dft_[\w-]+/)[0];
    }
    // Starts the server; resolves when it says that it is ready.
    async start(port = 0) {
        this.log = '';
        this.server = spawn(this.program ?? DAFTAR, ['serve', ...this.where, '--listen', `127.0.0.1:${port}`],
            { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: this.env ?? process.env });
        this.server.stderr.on('data', (d) => { this.log += d; });
        this.ended = new Promise((done) => this.server.on('exit', (code, signal) => done({ code, signal })));
        this.url = await new Promise((done, fail) => {
            let out = '';
            this.server.stdout.on('data', (d) => {
                out += d;
                const ready = out.match(/ready on (http:\S+)/);
                if (ready) done(ready[1]);
            });
            this.ended.then((how) => fail(new Error(`the server ended: ${JSON.stringify(how)}\n${this.log}`)));
        });
        this.port = Number(new URL(this.url).port);
    }
    async kill() { // as a power switch would, parent and child at once
        try { process.kill(-this.server.pid, 'SIGKILL'); } catch { /* gone */ }
        await this.ended;
        for (let i = 0; i < 500; i++) { // its child holds the port until it is gone, too
            try { process.kill(-this.server.pid, 0); } catch { return; }
            await sleep(20);
        }
    }
    async stop() {
        if (!this.server) return null;
        try { process.kill(this.server.pid, 'SIGTERM'); } catch { /* gone */ }
        const how = await Promise.race([this.ended, sleep(20000).then(() => null)]);
        if (!how) await this.kill();
        return how;
    }
    remove() {
        rmSync(this.dir, { recursive: true, force: true });
    }
}

// splitmix32: the same seed gives the same throws.
export function dice(seed) {
    let s = seed >>> 0;
    return (n) => {
        s = (s + 0x9e3779b9) >>> 0;
        let t = s ^ (s >>> 16);
        t = Math.imul(t, 0x21f0aaad);
        t ^= t >>> 15;
        t = Math.imul(t, 0x735a2d97);
        return ((t ^ (t >>> 15)) >>> 0) % n;
    };
}
