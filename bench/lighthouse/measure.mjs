// Lighthouse as a phone sees the shop, page by page, and how many bytes come; JSON on standard output.
import { createRequire } from 'node:module';
import { get } from 'node:http';
import { pathToFileURL } from 'node:url';

const { SHOP_URL, SHOP_CHROMIUM, SHOP_BROWSER_PACKAGES, SHOP_ROUNDS } = process.env;
// What npm installed is outside the source tree, where an `import` would not look.
const require = createRequire(`${SHOP_BROWSER_PACKAGES}/`);
const installed = (name) => import(pathToFileURL(require.resolve(name)));
const { default: lighthouse } = await installed('lighthouse');
const { launch } = await installed('chrome-launcher');

const PAGES = { home: '/', products: '/products', product: '/products/blue-mug', cart: '/cart', sign_in: '/sign-in' };
/** What robots.txt keeps from search engines, so that one audit does not apply. */
const NOT_FOR_SEARCH_ENGINES = ['/cart'];
/** Counted apart: what a page shows of its goods, and what the shop answers about them. */
const NOT_THE_PAGE = ['Image', 'Fetch', 'XHR', 'Preflight', 'EventSource'];

const scores = {};
const firstViews = [];
for (let round = 0; round < Number(SHOP_ROUNDS); round++) {
  // Pages in turn, so that a slow minute of the machine slows all of them alike.
  for (const [page, path] of Object.entries(PAGES)) {
    const { categories, audits } = await look(path);
    for (const [category, { score }] of Object.entries(categories)) {
      const name = `lighthouse_${page}_${category.replaceAll('-', '_')}`;
      (scores[name] ??= []).push(Math.round(score * 100));
    }
    if (page === 'home') firstViews.push(audits['network-requests'].details.items);
  }
}
const { fragments } = await (await fetch(`${SHOP_URL}/manifest.json`)).json();
const bytes = { first_view: firstViews.map(sizeOf) };
for (const [tag, { js, wasm }] of Object.entries(fragments)) {
  bytes[`fragment_${tag.replace('shop-', '')}`] = [await compressed(js.url) + await compressed(wasm.url)];
}
console.log(JSON.stringify({ scores, bytes }));

/** One visit by a browser that has never been there. */
async function look(path) {
  const chrome = await launch({
    chromePath: SHOP_CHROMIUM,
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  });
  try {
    const skipAudits = NOT_FOR_SEARCH_ENGINES.includes(path) ? ['is-crawlable'] : null;
    return (await lighthouse(SHOP_URL + path, { port: chrome.port, logLevel: 'error', skipAudits })).lhr;
  } finally {
    chrome.kill();
  }
}

/** What came over the wire, with the head of each answer. The wasm is fetched by a script, and counts. */
function sizeOf(requests) {
  const counts = ({ url, resourceType }) => url.endsWith('.wasm') || url.endsWith('.json') || !NOT_THE_PAGE.includes(resourceType);
  return requests.filter(counts).reduce((sum, { transferSize }) => sum + transferSize, 0);
}

function compressed(path) {
  return new Promise((resolve, reject) => {
    get(SHOP_URL + path, { headers: { 'accept-encoding': 'br' } }, async (response) => {
      let length = 0;
      for await (const piece of response) length += piece.length;
      resolve(length);
    }).on('error', reject);
  });
}
