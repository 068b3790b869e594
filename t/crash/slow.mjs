// Thousands of clients that never end what they began (F7): heads and bodies that drip a byte at a time, replies
// that nobody reads, connections that stand idle. Others are answered as quickly as before, and all of the slow
// ones are cut by the absolute deadline, however busily they drip.
//   SLOW_CLIENTS=10000 node t/crash/slow.mjs      (make crash)
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { execFileSync } from 'node:child_process';
import { Workspace, must, ok, plan, sleep, test } from './_serve.mjs';

const CLIENTS = Number(process.env.SLOW_CLIENTS ?? 2000);
const DEADLINE_MS = 30000, SLACK_MS = 6000;
// A sanitizer takes its share of memory and time: the figures of the issue are for the real program.
const REAL = (process.env.DAFTAR ?? '').includes('release') || process.env.SLOW_REAL;

const KINDS = [
    { name: 'head', first: 'GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ', drip: 'a' },
    { name: 'body', first: 'POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n', drip: 'b' },
    { name: 'unread', first: 'GET /assets/none HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', drip: null, deaf: true },
    { name: 'idle', first: 'GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', drip: null },
    { name: 'silent', first: '', drip: null },
];

function slow(port, i) {
    const kind = KINDS[i % KINDS.length];
    const one = { kind: kind.name, began: 0, cut: 0 };
    one.over = new Promise((done) => {
        const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${2 + (i % 200)}` }, () => {
            one.began = Date.now();
            if (kind.first) socket.write(kind.first);
            if (kind.drip) one.timer = setInterval(() => socket.write(kind.drip), 4000 + (i % 1000));
            if (kind.deaf) socket.pause(); else socket.resume();
        });
        const end = () => { clearInterval(one.timer); if (!one.cut) one.cut = Date.now(); socket.destroy(); done(); };
        socket.on('error', end);
        socket.on('close', end);
        socket.on('end', end);
        one.socket = socket;
    });
    return one;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
const good = (url) => new Promise((done, fail) => {
    const began = process.hrtime.bigint();
    get(url, { agent }, (answer) => {
        answer.resume();
        answer.on('end', () => done({ ms: Number(process.hrtime.bigint() - began) / 1e6, status: answer.statusCode }));
    }).on('error', fail);
});

await test(`${CLIENTS} slow clients are cut in time and harm nobody`, async () => {
    const space = new Workspace();
    try {
        await space.start();
        const pid = execFileSync('pgrep', ['-P', String(space.server.pid)], { encoding: 'utf8' }).trim().split('\n')[0];
        const calm = [];
        for (let i = 0; i < 200; i++) calm.push((await good(space.url + '/sign-in')).ms);
        const all = [];
        for (let i = 0; i < CLIENTS; i++) {
            all.push(slow(space.port, i));
            if (i % 100 === 99) await sleep(10);
        }
        const times = [];
        let memory = 0;
        for (const until = Date.now() + DEADLINE_MS + SLACK_MS; Date.now() < until; await sleep(20)) {
            const got = await good(space.url + '/sign-in');
            must(got.status === 200, `a good client got ${got.status}`);
            times.push(got.ms);
            const kib = Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
            memory = Math.max(memory, kib);
        }
        const open = all.filter((one) => one.kind !== 'unread' && !one.cut);
        // Whoever does not read cannot hear that he was cut: the server's own table tells.
        await Promise.race([Promise.all(all.map((one) => { one.socket.resume(); return one.over; })), sleep(3000)]);
        const still = all.filter((one) => !one.cut);
        must(open.length === 0, `${open.length} of ${CLIENTS} were not cut in ${DEADLINE_MS + SLACK_MS} ms: ${[...new Set(open.map((o) => o.kind))]}`);
        must(still.length === 0, `${still.length} are still open: ${[...new Set(still.map((o) => o.kind))]}`);
        const longest = Math.max(...all.filter((o) => o.kind !== 'unread' && o.began).map((o) => o.cut - o.began));
        times.sort((a, b) => a - b);
        calm.sort((a, b) => a - b);
        const p99 = times[Math.floor(times.length * 0.99)], p50 = times[times.length >> 1];
        console.log(`# ${times.length} good requests: median ${p50.toFixed(1)} ms (calm ${calm[100].toFixed(1)}), 99th percentile ${p99.toFixed(1)} ms; ` +
            `longest slow one ${longest} ms; server ${(memory / 1024).toFixed(0)} MB`);
        must(longest < DEADLINE_MS + SLACK_MS, `the longest lasted ${longest} ms`);
        must(p99 < (REAL ? 50 : 250), `99th percentile ${p99} ms`);
        if (REAL) must(memory < 100 * 1024, `${memory} KiB`);
        const how = await space.stop();
        must(how?.code === 0, `stop: ${JSON.stringify(how)}\n${space.log}`);
    } finally {
        agent.destroy();
        await space.kill().catch(() => {});
        space.remove();
    }
});
ok(true, 'over');
plan();
process.exit(process.exitCode ?? 0);
