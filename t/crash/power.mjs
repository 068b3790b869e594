// The power fails under the whole server, again and again, during mixed writes by the API (F1): below SQLite a
// disk forgets what was not synced and the process ends (power_serve.c). What was acknowledged over HTTP is
// there, exactly once, and `daftar check` finds nothing. As a control, a disk that lies about syncs must lose
// something, or this test could see nothing.
//   POWER_CUTS=1000 POWER_SEED=7 node t/crash/power.mjs      (make crash)
import { Run } from './_run.mjs';
import { Workspace, dice, must, ok, plan, sleep, test } from './_serve.mjs';

const CUTS = Number(process.env.POWER_CUTS ?? 12);
const SEED = Number(process.env.POWER_SEED ?? 20261122);
const WRITERS = 4;
const SERVE = process.env.POWER_SERVE ?? 'build/asan/t/power_serve';

async function cutting(cuts, lies) {
    const space = new Workspace();
    const roll = dice(SEED);
    const run = new Run(space, SEED, 0);
    const dark = () => space.log.includes('the power has failed');
    let failed = null, seen = 0;
    space.program = SERVE;
    const plug = () => { space.env = { ...process.env, POWER_CUT: String(100 + roll(1500)), POWER_SEED: String(1 + roll(1e9)), POWER_LIES: lies ? '1' : '0' }; };
    const writers = [];
    try {
        plug();
        await space.start();
        for (let w = 0; w < WRITERS; w++) writers.push(run.writer(w).catch((e) => { failed = failed ?? e; run.over = true; }));
        while (seen < cuts && !failed) {
            const how = await Promise.race([space.ended, sleep(20000)]);
            must(how, `nothing is written any more\n${space.log}`);
            must(dark(), `the server ended by itself: ${JSON.stringify(how)}\n${space.log}`);
            seen++;
            await space.kill(); // what hangs on it
            plug();
            for (let tries = 0; ; tries++) { // the power may fail while it starts, too
                const started = await space.start(space.port).then(() => null, (e) => e);
                if (!started) break;
                await space.ended;
                must(dark() && tries < 50, String(started));
                seen++;
                plug();
            }
        }
        run.over = true;
        await Promise.all(writers);
        if (failed) throw failed;
        await space.kill();
        space.program = undefined; // the real disk
        await space.start(space.port);
        const there = await run.verify();
        await space.stop();
        space.run('check');
        return { seen, run, there };
    } finally {
        run.over = true;
        await Promise.all(writers);
        await space.kill().catch(() => {});
        space.remove();
    }
}

await test(`${CUTS} power cuts: nothing acknowledged is lost or doubled, nothing is damaged`, async () => {
    const { seen, run, there } = await cutting(CUTS, false);
    must(run.acknowledged > CUTS, `only ${run.acknowledged} writes were acknowledged`);
    console.log(`# ${seen} cuts, ${run.acknowledged} acknowledged, ${run.replayed} replayed, ${there.parties} clients, ${there.notes} notes`);
});
await test('on a disk that lies about syncs something is lost or damaged, and noticed', async () => {
    let noticed = null;
    for (let i = 0; i < 5 && !noticed; i++) noticed = await cutting(4, true).then(() => null, (e) => e);
    must(noticed, 'a lying disk was not noticed');
    console.log('# noticed: ' + String(noticed.message).split('\n')[0].slice(0, 150));
});
ok(true, `seed ${SEED}`);
plan();
