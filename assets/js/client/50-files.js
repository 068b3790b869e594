/* Files: dropped anywhere on the page or chosen, sent with progress; pictures looked at one after another.
   Without this, the form sends what was chosen and the pictures are links. */
(() => {
  const doc = document;
  const form = doc.querySelector('form[data-upload]');
  if (form) {
    const field = form.querySelector('input[type="file"]'), bar = form.querySelector('.progress'), says = form.querySelector('.problem-text');
    const complain = (text) => {
      bar.hidden = true;
      says.hidden = false;
      says.querySelector('span').textContent = text;
      field.value = '';
      form.querySelector('.chosen').textContent = '';
      delete form.dataset.sent;
    };
    /* What a refusal says: its list of reasons, else its sentence. */
    const reason = (html) => {
      const page = new DOMParser().parseFromString(html, 'text/html');
      const part = page.querySelector('.upload .problem-text:not([hidden]) span') || page.querySelector('.fault .dots') || page.querySelector('.fault .quiet');
      return part?.textContent.trim() || page.body.textContent.trim().slice(0, 200);
    };
    const send = () => {
      const files = [...field.files], size = files.reduce((sum, f) => sum + f.size, 0);
      if (!files.length || form.dataset.sent) return;
      if (size > Number(form.dataset.upload)) { complain(form.dataset.tooBig); return; }
      form.dataset.sent = '1';
      says.hidden = true;
      bar.hidden = false;
      const call = new XMLHttpRequest();
      call.open('POST', form.action);
      call.setRequestHeader('HX-Request', 'true');
      call.upload.addEventListener('progress', (e) => { if (e.lengthComputable) bar.querySelector('progress').value = 100 * e.loaded / e.total; });
      call.addEventListener('load', () => {
        const to = call.getResponseHeader('HX-Redirect');
        if (to) location.assign(to);
        else if (call.status === 413) complain(form.dataset.tooBig);
        else complain(reason(call.responseText));
      });
      call.addEventListener('error', () => complain(form.dataset.lost));
      call.send(new FormData(form));
    };
    field.addEventListener('change', send);
    form.addEventListener('submit', (e) => { e.preventDefault(); e.stopImmediatePropagation(); send(); }, true);
    const carries = (e) => [...(e.dataTransfer?.types || [])].includes('Files');
    let depth = 0;
    const mark = (by) => { depth = by ? depth + by : 0; doc.documentElement.classList.toggle('dropping', depth > 0); };
    doc.addEventListener('dragenter', (e) => { if (carries(e)) mark(1); });
    doc.addEventListener('dragleave', (e) => { if (carries(e)) mark(-1); });
    doc.addEventListener('dragover', (e) => { if (carries(e)) e.preventDefault(); });
    doc.addEventListener('drop', (e) => {
      if (!carries(e)) return;
      mark(0);
      if (e.target.closest('.drop')) return; /* forms.js puts them into the field */
      e.preventDefault();
      const given = new DataTransfer();
      for (const f of e.dataTransfer.files) if (field.multiple || !given.files.length) given.items.add(f);
      if (!given.files.length) return;
      field.files = given.files;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }

  const box = doc.getElementById('lightbox');
  if (!box?.showModal) return;
  const all = () => [...doc.querySelectorAll('a[data-view]')];
  let at = 0;
  const show = (i) => {
    const links = all();
    at = (i + links.length) % links.length;
    const link = links[at], image = box.querySelector('img');
    image.src = link.href;
    image.alt = link.dataset.view;
    box.querySelector('h2 bdi').textContent = link.dataset.view;
    box.querySelector('[data-take]').href = link.dataset.file;
    box.querySelector('.foot').hidden = links.length < 2;
  };
  doc.addEventListener('click', (e) => {
    const link = e.target.closest?.('a[data-view]'), step = e.target.closest?.('[data-step]');
    if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
      e.preventDefault();
      show(all().indexOf(link));
      box.showModal();
    } else if (step && box.contains(step)) show(at + Number(step.dataset.step));
  });
  box.addEventListener('keydown', (e) => {
    const ahead = doc.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (e.key === 'ArrowLeft' || e.key === 'ArrowRight') { e.preventDefault(); show(at + (e.key === ahead ? 1 : -1)); }
  });
})();
