/* Keys outside of fields, and the palette (Ctrl+K). Anything with aria-keyshortcuts="n" answers to that key:
   fields are focused, the rest is clicked; g and then data-go="c" goes there. j and k walk the rows of a list, or
   to the next record; o opens, e edits. <body data-keys="off"> leaves only Ctrl+K. */
(() => {
  const doc = document, box = doc.getElementById('palette'), found = doc.getElementById('palette-found');
  const field = doc.getElementById('palette-find'), kept = 'daftar-recent';
  const query = (css) => doc.querySelector('main ' + css) || doc.querySelector(css);

  /* What was open last: paths without names, forgotten on every page of one who is not signed in. */
  let recent = [];
  try {
    if (box) {
      recent = (localStorage.getItem(kept) || '').split(',').filter((p) => p && p !== location.pathname);
      if (/^\/(clients\/\d+|segments(\/new)?|import|export|history|labels|journal|notices|bin|settings(\/[a-z-]+)?)$/.test(location.pathname)) localStorage.setItem(kept, [location.pathname, ...recent].slice(0, 7));
    } else localStorage.removeItem(kept);
  } catch { /* not allowed to keep anything */ }

  /* The palette. The list comes from the server with its first line chosen; the field keeps the focus. */
  let timer = 0, stop = null;
  const options = () => [...found.querySelectorAll('[role="option"]')];
  const choose = (option) => {
    for (const o of options()) o.setAttribute('aria-selected', String(o === option));
    if (option) field.setAttribute('aria-activedescendant', option.id); else field.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  };
  const load = async () => {
    stop?.abort();
    stop = new AbortController();
    const url = new URL('/palette', location.href);
    for (const [name, value] of Object.entries({ fragment: 1, q: field.value, at: location.pathname, recent: recent.slice(0, 6) })) url.searchParams.set(name, value);
    try {
      const answer = await fetch(url, { signal: stop.signal });
      if (!answer.ok) { location.assign('/palette'); return; } /* signed out meanwhile */
      found.innerHTML = await answer.text();
      choose(options()[0]);
      found.scrollTop = 0;
    } catch { /* typed on, or offline */ }
  };
  const open = () => {
    if (box.open) return;
    field.value = '';
    box.showModal();
    field.focus();
    load();
  };
  if (box?.showModal) {
    field.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(load, 50); });
    field.addEventListener('keydown', (e) => {
      const all = options(), at = all.findIndex((o) => o.getAttribute('aria-selected') === 'true');
      if (e.isComposing) return;
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        e.preventDefault();
        choose(all[(at + (e.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length]);
      } else if (e.key === 'Enter' && at >= 0) {
        e.preventDefault();
        all[at].click();
      }
    });
    found.addEventListener('click', (e) => { if (e.target.closest('a')?.hash) box.close(); });
    doc.addEventListener('click', (e) => { if (e.target.closest?.('[data-palette]')) { e.preventDefault(); open(); } });
  }

  const off = doc.body.dataset.keys === 'off';
  const rows = () => [...doc.querySelectorAll('.sheet.rows tbody th a, [data-row-link]')].filter((a) => a.checkVisibility());
  const press = (part) => {
    if (!part) return false;
    if (part.matches('input, textarea, select')) { part.focus(); part.select?.(); } else part.click();
    return true;
  };
  /* The key by its letter; on a keyboard without Latin letters, by its place. */
  const letter = (e) => {
    if (/^[ -~]$/.test(e.key)) return e.key.toLowerCase();
    if (e.key === '؟') return '?';
    if (e.code === 'Slash') return e.shiftKey ? '?' : '/';
    return /^Key[A-Z]$/.test(e.code) ? e.code[3].toLowerCase() : e.key;
  };
  const walk = (step) => {
    const all = rows(), at = all.indexOf(doc.activeElement), record = !all.length && doc.querySelector(`[rel~="${step > 0 ? 'next' : 'prev'}"][href]`);
    if (record) location.assign(record.href);
    all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
    return record || all.length;
  };
  let going = 0;
  const act = (key) => {
    const row = doc.activeElement, went = going > Date.now();
    going = key === 'g' && !went ? Date.now() + 1500 : 0;
    if (went) return press(doc.querySelector(`[data-go="${CSS.escape(key)}"]`));
    if (key === 'g') return true;
    if (key === 'j' || key === 'k') return walk(key === 'j' ? 1 : -1);
    if (key === 'o') return row.matches('main a') && press(row);
    if (key === 'e' && row.dataset.edit) { location.assign(row.dataset.edit); return true; }
    return /^[!-~]$/.test(key) && press(query(`[aria-keyshortcuts~="${CSS.escape(key)}"]`));
  };
  doc.addEventListener('keydown', (e) => {
    if (e.defaultPrevented || e.isComposing || e.altKey) return;
    const key = letter(e);
    if (e.ctrlKey || e.metaKey) {
      if (key === 'k' && !e.shiftKey && box?.showModal && !doc.querySelector('dialog[open]')) { e.preventDefault(); open(); }
      return;
    }
    if (off || e.target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], dialog[open], [role="grid"] td')) return;
    if (act(key)) e.preventDefault();
  });
})();
