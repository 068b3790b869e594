/* Asking above the list: its script and its styles (assets/js/ask) come when one begins to. */
document.getElementById('ask')?.addEventListener('focus', () => document.head.append(document.getElementById('ask-parts').content), { once: true });
