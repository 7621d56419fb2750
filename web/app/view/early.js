// Runs before the rest of the page is there (early-messages.js).

import { requestEarly } from '../model/early-messages.js';

const root = new URL(document.documentElement.dataset.root, location.href).pathname;
globalThis.early ??= requestEarly(root, location.pathname, fetch);
