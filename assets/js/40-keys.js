/* Keys outside of fields. Anything with aria-keyshortcuts="n" answers to that key: fields are focused,
   the rest is clicked. j and k walk the rows of a list, e edits the row. <body data-keys="off"> ends it. */
(() => {
  const doc = document;
  if (doc.body.dataset.keys === 'off') {
    return;
  }
  const rows = () => [...doc.querySelectorAll('.sheet.rows tbody th a, [data-row-link]')].filter((a) => a.checkVisibility());
  const press = (key) => {
    const part = doc.querySelector(`[aria-keyshortcuts~="${CSS.escape(key)}"]`);
    if (!part) return false;
    if (part.matches('input, textarea, select')) { part.focus(); part.select?.(); } else part.click();
    return true;
  };
  /* The key by its letter; on a keyboard without Latin letters, by its place. */
  const letter = (e) => {
    if (e.key === '؟') return '?';
    if (/^[ -~]$/.test(e.key)) return e.key.toLowerCase();
    return /^Key[A-Z]$/.test(e.code) ? e.code[3].toLowerCase() : e.key;
  };
  doc.addEventListener('keydown', (e) => {
    if (e.defaultPrevented || e.isComposing || e.altKey) return;
    const key = letter(e);
    if (e.ctrlKey || e.metaKey) {
      if (key === 'k' && press('/')) e.preventDefault();
      return;
    }
    if (e.target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], dialog[open]')) return;
    if (key === 'j' || key === 'k') {
      const all = rows(), at = all.indexOf(doc.activeElement);
      all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + (key === 'j' ? 1 : -1)))]?.focus();
      if (all.length) e.preventDefault();
    } else if (key === 'e' && doc.activeElement.dataset.edit) {
      e.preventDefault();
      location.assign(doc.activeElement.dataset.edit);
    } else if (/^[!-~]$/.test(key) && press(key)) e.preventDefault();
  });
})();
