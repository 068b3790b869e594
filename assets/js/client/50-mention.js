/* A textarea with data-mention="/clients/7/people" data-list="id": behind an «@» the colleagues who may be
   named are shown in that listbox; arrows and Enter choose, Escape closes. Without it names are typed. */
(() => {
  const doc = document;
  let field = null, timer = 0, stop = null;
  const list = () => field && doc.getElementById(field.dataset.list);
  const options = () => [...list().querySelectorAll('[role="option"]')];
  const close = () => { clearTimeout(timer); stop?.abort(); if (field) { list().replaceChildren(); list().classList.remove('shown'); } };
  /* What was typed behind the last «@» before the caret; null: no name is being typed. */
  const typed = () => /(?:^|[^\p{L}\p{N}@])@((?:[^\s@][^@\n]{0,40})?)$/u.exec(field.value.slice(0, field.selectionStart))?.[1] ?? null;
  const insert = (name) => {
    const at = field.selectionStart, from = at - typed().length;
    field.setRangeText(name + ' ', from, at, 'end');
    close();
    field.focus();
  };
  const choose = (option) => {
    for (const o of options()) o.setAttribute('aria-selected', String(o === option));
    option.scrollIntoView({ block: 'nearest' });
  };
  doc.addEventListener('input', (e) => {
    if (!e.target.dataset?.mention) return;
    field = e.target;
    const text = typed();
    close();
    if (text === null) return;
    stop = new AbortController();
    timer = setTimeout(async () => {
      try {
        const url = new URL(field.dataset.mention, location.href);
        url.searchParams.set('q', text);
        const answer = await fetch(url, { signal: stop.signal });
        if (!answer.ok) return;
        list().innerHTML = await answer.text();
        list().classList.toggle('shown', options().length > 0);
        if (options().length) choose(options()[0]);
      } catch { /* typed on, or offline: the name can be typed whole */ }
    }, 100);
  });
  doc.addEventListener('keydown', (e) => {
    if (e.target !== field || e.isComposing || !list().classList.contains('shown')) return;
    const all = options(), at = all.findIndex((o) => o.getAttribute('aria-selected') === 'true');
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') choose(all[(at + (e.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length]);
    else if ((e.key === 'Enter' && !e.ctrlKey && !e.metaKey) || e.key === 'Tab') insert(all[at].dataset.name);
    else if (e.key === 'Escape') close();
    else return;
    e.preventDefault();
  });
  doc.addEventListener('click', (e) => {
    const option = field && e.target.closest('[data-name][role="option"]');
    if (option) insert(option.dataset.name);
    else if (field && e.target !== field) close();
  });
})();
