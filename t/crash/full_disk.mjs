// A full disk (F6), on small file systems in memory of several sizes: what was acknowledged stays, the refusal
// says what is wrong, what is there can be read, and when there is room again everything works without a restart.
// Needs root, or a kernel that lets users mount in a namespace of their own.
//   FULL_DISKS=20 node t/crash/full_disk.mjs      (make crash)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OWNER, PASSWORD, Workspace, must, ok, plan, test } from './_serve.mjs';

const DISKS = Number(process.env.FULL_DISKS ?? 5);

// Mounting is for root: as a user, the same again as root of a namespace.
if (process.getuid() !== 0) {
    const inside = !process.env.FULL_DISK_INSIDE && spawnSync('unshare', ['-Urm', 'true']).status === 0;
    if (!inside) {
        console.log('ok 1 - # SKIP nobody but root may mount here');
        console.log('1..1');
        process.exit(0);
    }
    const all = spawnSync('unshare', ['-Urm', process.execPath, process.argv[1]], { stdio: 'inherit', env: { ...process.env, FULL_DISK_INSIDE: '1' } });
    process.exit(all.status ?? 1);
}

async function call(space, token, method, path, body) {
    const answer = await fetch(space.url + '/api/v1/' + path, {
        method,
        headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(30000),
    });
    return { status: answer.status, json: await answer.json().catch(() => null) };
}

// The page that a person would see: the form of a new client, sent on the full disk.
async function asPerson(space) {
    const jar = new Map();
    const take = (answer) => { for (const c of answer.headers.getSetCookie()) { const [k, v] = c.split(';')[0].split('='); jar.set(k, v); } return answer; };
    const cookie = () => [...jar].map(([k, v]) => `${k}=${v}`).join('; ');
    const post = (path, form) => fetch(space.url + path, {
        method: 'POST', redirect: 'manual', body: new URLSearchParams(form).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: cookie(), origin: space.url, 'sec-fetch-site': 'same-origin' },
    });
    const signed = take(await post('/sign-in', { email: OWNER, password: PASSWORD }));
    must(signed.status === 303, `sign-in: ${signed.status} ${(await signed.text()).slice(0, 300)}`);
    const form = await (await fetch(space.url + '/clients/new', { headers: { cookie: cookie() } })).text();
    const csrf = form.match(/name="csrf" value="([^"]+)"/)[1];
    return (text) => post('/clients', { csrf, kind: 'person', display_name: 'Full Disk', notes_private: text });
}

async function fill(kib) {
    const disk = mkdtempSync(join(tmpdir(), 'daftar-disk-'));
    const size = (n) => `size=${n}k`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size(65536), 'tmpfs', disk]);
    const space = new Workspace({ dir: disk });
    try {
        const token = space.token();
        await space.start();
        const person = await asPerson(space);
        const child = () => execFileSync('pgrep', ['-P', String(space.server.pid)], { encoding: 'utf8' }).trim().split('\n')[0];
        const server = child();
        // What is used now, and a little more.
        const used = Number(execFileSync('df', ['--output=used', '-k', disk], { encoding: 'utf8' }).split('\n')[1]);
        execFileSync('mount', ['-o', 'remount,' + size(used + kib), disk]);
        const acknowledged = new Map();
        let refused = null;
        for (let n = 0; n < 4000 && !refused; n++) {
            const name = `Client ${n}`;
            const got = await call(space, token, 'POST', 'parties', { kind: 'person', display_name: name, special: 'x'.repeat(1500) });
            if (got.status === 201) acknowledged.set(got.json.id, name);
            else refused = got;
        }
        must(refused && refused.status === 507, `refused with ${JSON.stringify(refused)}`);
        must(/disk is full/i.test(refused.json.title) && refused.json.detail, JSON.stringify(refused.json));
        const page = await person('y'.repeat(19000));
        const text = await page.text();
        must(page.status === 507 && /disk is full/i.test(text) && text.includes('y'.repeat(19000)), `page: ${page.status} ${text.slice(0, 300)}`);
        // Everything that is there can be read.
        for (const [id, name] of acknowledged) {
            const got = await call(space, token, 'GET', `parties/${id}`);
            must(got.status === 200 && got.json.display_name === name, `read ${id}: ${JSON.stringify(got).slice(0, 200)}`);
        }
        for (let i = 0; i < 20; i++) must((await call(space, token, 'POST', 'parties', { kind: 'person', display_name: 'No', special: 'z'.repeat(3000) })).status >= 201, 'still there');
        execFileSync('mount', ['-o', 'remount,' + size(65536), disk]);
        for (let i = 0; i < 30; i++) {
            const got = await call(space, token, 'POST', 'parties', { kind: 'person', display_name: `After ${i}` });
            must(got.status === 201, `after there was room: ${JSON.stringify(got)}`);
            acknowledged.set(got.json.id, `After ${i}`);
        }
        const saved = await person('room again');
        must(saved.status === 303, `page after: ${saved.status}`);
        must(child() === server, 'the server was started again');
        for (const [id, name] of acknowledged) must((await call(space, token, 'GET', `parties/${id}`)).json?.display_name === name, `lost: ${id}`);
        const how = await space.stop();
        must(how?.code === 0, `stop: ${JSON.stringify(how)}\n${space.log}`);
        must(/no faults/.test(space.run('check')), 'check');
        return acknowledged.size;
    } finally {
        await space.kill().catch(() => {});
        execFileSync('umount', ['-l', disk]);
        rmSync(disk, { recursive: true, force: true });
    }
}

for (let i = 0; i < DISKS; i++) {
    const kib = 100 + 350 * i;
    await test(`${kib} KiB are left`, async () => { console.log(`# ${await fill(kib)} acknowledged, none lost`); });
}
plan();
