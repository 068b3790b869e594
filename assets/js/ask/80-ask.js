/* Asking: form[data-ask] has a line (name="where", a combobox) and #ask-live, which the server makes anew from
   the line or from the boxes, whichever was changed; it says what the line is then. Words that may follow come
   into #ask-words as [role=option][data-put], the line up to the cursor with that word. */
(() => {
  const doc = document, byId = (id) => doc.getElementById(id), form = doc.querySelector('form[data-ask]');
  if (!form) return;
  const line = form.elements.where, words = byId('ask-words'), box = line.closest('.find');
  const get = form.method === 'get';
  let stop = null, stopWords = null, timer = 0;

  const focusIn = (part) => (part.matches('fieldset') ? part.querySelector('select') : part.querySelector('select, input:not([type="hidden"])'))?.focus();
  const build = async (byLine, action) => {
    stop?.abort();
    stop = new AbortController();
    const data = new URLSearchParams(new FormData(form));
    data.set('fragment', 1);
    if (form.dataset.small) data.set('small', 1);
    if (action) data.set('do', action);
    box.classList.add('busy');
    try {
      const answer = await fetch(form.dataset.ask + (get ? '?' + data : ''), { method: form.method, body: get ? null : data, signal: stop.signal });
      if (!answer.ok) return;
      const text = await answer.text(), here = doc.activeElement, at = here.selectionStart;
      const inside = byId('ask-live').contains(here);
      byId('ask-live').outerHTML = text;
      const now = byId('ask-live'), fresh = action && now.querySelector('[data-fresh]');
      if (!byLine) line.value = now.dataset.line;
      if (fresh) focusIn(fresh);
      else if (inside) {
        const again = byId(here.id) || byId('ask-boxes');
        again?.focus();
        if (again?.type === 'text' && again.id === here.id) { again.value = here.value; again.setSelectionRange(at, at); }
      }
    } catch { return; /* typed on, or offline */ } finally { if (!stop.signal.aborted) box.classList.remove('busy'); }
  };

  /* The words that may follow. */
  const options = () => [...words.querySelectorAll('[role="option"]')];
  const chosen = () => words.querySelector('[aria-selected="true"]');
  const choose = (option) => {
    chosen()?.setAttribute('aria-selected', 'false');
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) line.setAttribute('aria-activedescendant', option.id);
    else line.removeAttribute('aria-activedescendant');
  };
  const shown = (yes) => {
    if (!yes) { stopWords?.abort(); words.replaceChildren(); }
    choose(null);
    line.ariaExpanded = String(yes && options().length > 0);
  };
  const complete = async () => {
    stopWords?.abort();
    stopWords = new AbortController();
    const asked = new URLSearchParams({ where: line.value, before: line.value.slice(0, line.selectionStart) });
    try {
      const answer = await fetch('/segments/complete?' + asked, { signal: stopWords.signal });
      if (!answer.ok || doc.activeElement !== line) return;
      words.innerHTML = await answer.text();
      shown(true);
    } catch { /* typed on */ }
  };
  const put = (option) => {
    const rest = line.value.slice(line.selectionStart), head = option.dataset.put;
    line.value = head + rest;
    line.setSelectionRange(head.length, head.length);
    line.focus();
    typed();
  };
  const typed = () => {
    clearTimeout(timer);
    complete();
    timer = setTimeout(() => build(true), 200);
  };
  line.addEventListener('input', typed);
  box.addEventListener('focusout', (e) => { if (!box.contains(e.relatedTarget)) shown(false); });
  words.addEventListener('mousedown', (e) => e.preventDefault());
  words.addEventListener('click', (e) => { const option = e.target.closest('[role="option"]'); if (option) put(option); });
  line.addEventListener('keydown', (e) => {
    const all = options(), at = all.indexOf(chosen());
    if (e.isComposing) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      if (!all.length) complete();
      else choose(all[(at + (e.key === 'ArrowDown' ? 1 : at < 0 ? 0 : -1) + all.length) % all.length]);
    } else if (at >= 0 && (e.key === 'Enter' || e.key === 'Tab')) {
      e.preventDefault();
      put(all[at]);
    } else if (e.key === 'Enter' && !get && !e.ctrlKey) {
      e.preventDefault();
      shown(false);
      build(true);
    } else if (e.key === 'Escape' && all.length) {
      e.preventDefault();
      e.stopPropagation();
      shown(false);
    }
  });

  if (doc.activeElement === line && line.value !== line.defaultValue) typed(); /* before this was here */

  /* The boxes. */
  form.addEventListener('change', (e) => { if (e.target.name?.startsWith('ask.')) build(false); });
  form.addEventListener('click', (e) => {
    const button = e.target.closest('button[formaction="/segments/build"]');
    if (!button) return;
    e.preventDefault();
    build(button.name === 'ask', button.name === 'do' && button.value);
  });
})();
