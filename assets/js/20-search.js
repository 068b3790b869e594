/* Search as you type: htmx brings the results into #found, this walks through them.
   The field is a combobox; its results are <a role="option" id=…> in a listbox. */
(() => {
  const field = document.getElementById('find');
  const found = document.getElementById('found');
  if (!field || !found) return;
  const box = field.closest('.find');
  const options = () => [...found.querySelectorAll('[role="option"]')];
  const chosen = () => found.querySelector('[aria-selected="true"]');
  const choose = (option) => {
    chosen()?.setAttribute('aria-selected', 'false');
    option?.setAttribute('aria-selected', 'true');
    option?.scrollIntoView({ block: 'nearest' });
    if (option) field.setAttribute('aria-activedescendant', option.id);
    else field.removeAttribute('aria-activedescendant');
  };
  const shown = (yes) => {
    box.classList.toggle('closed', !yes);
    field.setAttribute('aria-expanded', String(yes && options().length > 0));
    if (!yes) choose(null);
  };
  field.addEventListener('input', () => {
    if (field.value.trim() === '') found.replaceChildren();
    shown(field.value.trim() !== '');
  });
  /* Typed before htmx was awake: tell it now. */
  field.addEventListener('htmx:after:init', () => {
    if (field.value && document.activeElement === field) field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  field.addEventListener('focus', () => shown(true));
  box.addEventListener('focusout', (e) => { if (!box.contains(e.relatedTarget)) shown(false); });
  document.addEventListener('htmx:after:swap', () => {
    if (field.value.trim() === '') found.replaceChildren();
    if (box.contains(document.activeElement)) { choose(null); shown(true); }
  });
  field.addEventListener('keydown', (e) => {
    const all = options(), at = all.indexOf(chosen());
    if (e.isComposing) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      if (!all.length) return;
      e.preventDefault();
      shown(true);
      const step = e.key === 'ArrowDown' ? 1 : -1;
      choose(at < 0 ? all[step > 0 ? 0 : all.length - 1] : all[at + step] || null);
    } else if (e.key === 'Enter' && at >= 0) {
      e.preventDefault();
      all[at].click();
    } else if (e.key === 'Escape') {
      e.preventDefault();
      if (!box.classList.contains('closed') && found.childElementCount) shown(false);
      else if (field.value) { field.value = ''; found.replaceChildren(); } else field.blur();
    }
  });
})();
