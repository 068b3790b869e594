// The server is killed with -9 at random moments during mixed writes by several clients and an import of a
// file, which dies with it (F2): what was acknowledged is there, exactly once; what was asked again with its
// key is there once; the import, begun again with the same file, counts each row once; `daftar check` finds
// nothing. On both databases; on PostgreSQL its server is killed too.
//   CRASH_KILLS=200 CRASH_SEED=7 node t/crash/crash.mjs      (make crash)
import { execFileSync } from 'node:child_process';
import { Run } from './_run.mjs';
import { Workspace, must, ok, plan, sleep, test } from './_serve.mjs';

const KILLS = Number(process.env.CRASH_KILLS ?? 6); // on each database
const SEED = Number(process.env.CRASH_SEED ?? 20261121);
const WRITERS = 4;
const ROWS = 120 * KILLS; // of the imported file

async function killing(run, rounds, murder) {
    const writers = [];
    let failed = null;
    for (let w = 0; w < WRITERS; w++)
        writers.push(run.writer(w).catch((e) => { failed = failed ?? e; run.over = true; }));
    const importing = run.import().catch((e) => { failed = failed ?? e; run.over = true; });
    let slowest = 0;
    try {
        for (let k = 0; k < rounds && !failed; k++) {
            await sleep(250 + run.roll(900));
            const began = Date.now();
            await murder(k);
            slowest = Math.max(slowest, Date.now() - began);
        }
        await Promise.race([importing, new Promise((done) => setTimeout(() => {
            if (!run.imported) failed = failed ?? new Error(`no end of the import: ${run.importSaid}`);
            done();
        }, 120000).unref())]);
    } finally {
        run.over = true;
        await Promise.all(writers);
    }
    if (failed) throw failed;
    return slowest;
}

async function serverDies(run) {
    run.killImport();
    await run.space.kill();
    await run.space.start(run.space.port);
}

async function whole(name, database, rounds, murder) {
    const space = new Workspace({ database });
    let run;
    await test(`${name}: ${rounds} kills, nothing acknowledged is lost or doubled`, async () => {
        await space.start();
        run = new Run(space, SEED, ROWS);
        const slowest = await killing(run, rounds, murder(run));
        const there = await run.verify();
        must(run.acknowledged > rounds * 3, `only ${run.acknowledged} writes were acknowledged`);
        console.log(`# ${name}: ${run.acknowledged} acknowledged, ${run.replayed} replayed, ${there.parties} clients, ` +
            `${there.notes} notes, slowest way back ${slowest} ms, ` +
            `import of ${ROWS} rows in ${run.imports} runs`);
    });
    await test(`${name}: the server stops cleanly`, async () => {
        const how = await space.stop();
        must(how && how.code === 0, `${JSON.stringify(how)}\n${space.log}`);
    });
    await test(`${name}: check finds nothing`, async () => {
        space.run('check');
    });
    run?.killImport();
    await space.kill().catch(() => {});
    space.remove();
}

await whole('SQLite', null, KILLS, (run) => () => serverDies(run));

const base = process.env.DAFTAR_TEST_PG && execFileSync('sh', ['t/pg.sh', 'start', '--fsync'], { encoding: 'utf8' });
if (!base) {
    console.log('# DAFTAR_TEST_PG is not set: PostgreSQL is left out');
} else {
    const env = { ...process.env, DAFTAR_TEST_PG_DIR: base.match(/PG_DIR='([^']*)'/)[1] };
    const pg = (what) => execFileSync('sh', ['t/pg.sh', what], { env, stdio: 'ignore' });
    try {
        await whole('PostgreSQL', base.match(/TEST_PG='([^']*)'/)[1], KILLS, (run) => async (k) => {
            if (k % 4 !== 3) return serverDies(run);
            pg('kill'); // the database's server, while ours goes on
            await sleep(100);
            pg('restart');
        });
    } finally {
        pg('stop');
    }
}
ok(true, `seed ${SEED}`);
plan();
