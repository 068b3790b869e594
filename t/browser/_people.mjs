// What the journeys share: choosing a language in the settings, the pages that there are, axe.
import { readFileSync } from 'node:fs';

export const languages = [['fa', 'rtl'], ['ar', 'rtl'], ['fr', 'ltr'], ['en', 'ltr']];
export const submit = 'main form button.main[type=submit], main form .panel-foot button';

export async function speak(page, language) {
    await page.goto('/settings');
    await page.selectOption('select[name=language]', language);
    await Promise.all([page.waitForNavigation(), page.click('form[action="/settings/me"] .panel-foot button')]);
}

// A client with everything that can go wrong in a page of two directions.
export const hard = {
    given: 'Zahra', family: 'شرکت (Paris) پارس!', phone: '+98 912 345 6789', mail: 'zahra@example.org',
    all: 'Zahra شرکت (Paris) پارس!',
};

export async function addClient(page, who = hard) {
    await page.goto('/clients/new');
    await page.fill('[name=given_name]', who.given);
    await page.fill('[name=family_name]', who.family);
    await page.fill('[name="phones.0.number"]', who.phone);
    await page.fill('[name="emails.0.email"]', who.mail);
    await Promise.all([page.waitForURL(/\/clients\/\d+$/), page.click('.form-foot button.main')]);
    return Number(new URL(page.url()).pathname.split('/').pop());
}

// Every page that a signed-in owner can open by an address, of a client with this id.
export const pagesOf = (id) => ['/clients', '/clients?kind=organisation', '/clients?q=zzzzzz', '/clients/filters', '/views', '/merges', '/settings/merging', '/clients/bulk', `/clients/bulk?pick=${id}`, `/clients/bulk?pick=${id}&bulk.do=edit`, `/clients/bulk?pick=${id}&bulk.do=delete`, `/clients/compare?pick=${id}`, '/clients/new',
    '/clients/new?kind=organisation', `/clients/${id}`, `/clients/${id}/edit`, `/clients/${id}/files`, `/clients/${id}/photo/edit`, `/clients/${id}/bonds/new`, '/search?q=a', '/bin', '/notices', '/history', '/journal', '/journal?show=doors', '/export', `/clients/${id}/data`,
    '/settings/security', '/settings/two-factor', '/prove',
    '/settings', '/settings/members', '/settings/members/1', '/settings/teams', '/settings/tokens', '/settings/firm', '/settings/categories',
    '/settings/tags', '/import', '/labels', '/labels?label.form=envelopes', '/labels/made'];

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
// What WCAG 2.2 A and AA forbid, as lines. The window is as tall as the page meanwhile: what lies under a bar
// that stays at the edge can be scrolled out from under it, which axe does not know.
export async function faults(page) {
    const was = page.viewportSize();
    await page.setViewportSize({ width: was.width, height: 12000 });
    await page.evaluate(axe);
    const found = await violations(page);
    await page.setViewportSize(was);
    return found;
}
function violations(page) {
    return page.evaluate(async () => {
        const found = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
        return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary.replace(/\s+/g, ' ').slice(0, 300)}`));
    });
}
