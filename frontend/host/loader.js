// Fragments as custom elements. The manifest (tag -> hashed files, integrity, attributes, routes) is read at run time, and a
// bundle is fetched when its first element is connected. In JavaScript because a class that extends HTMLElement cannot be made
// in Rust, and because it must be there when the wasm is what failed.
const bundles = new Map();
const PATIENCE_MS = 20_000;
let source;                                              // where the manifest is

async function manifest() {
  const response = await fetch(source, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`${source}: ${response.status}`);
  return response.json();
}

class Bundle {
  constructor(name, entry) { Object.assign(this, { name, entry, hosts: new Set(), glue: undefined, dead: false, refused: 0 }); }

  load() {
    return this.glue ??= this.#newest().catch((error) => { this.glue = undefined; throw error; });
  }

  // An open page may know files of a build that is gone: those of the next one are as good.
  async #newest() {
    try { return await this.#fetch(); } catch (error) {
      if (await this.#renewed()) return this.#fetch();
      throw error;
    }
  }

  async #renewed() {
    const { shell, fragments } = await manifest().catch(() => ({ fragments: {} }));
    const entry = this.name === 'shell' ? shell : fragments[this.name];
    const isNew = entry && (entry.js.url !== this.entry.js.url || entry.wasm.url !== this.entry.wasm.url);
    if (isNew) this.entry = entry;
    return isNew;
  }

  async #fetch() {
    const { js, wasm } = this.entry;
    const url = this.refused ? `${js.url}?${this.refused}` : js.url;   // a script that was refused stays so under its address
    await checked(url, js.integrity).catch((error) => { this.refused++; throw error; });
    const glue = await import(url);                      // takes the module that was checked
    const module = fetch(wasm.url, { integrity: wasm.integrity, signal: AbortSignal.timeout(PATIENCE_MS) })
      .then((response) => response.ok ? response : Promise.reject(new Error(`${wasm.url}: ${response.status}`)));
    await glue.default({ module_or_path: module });
    return glue;
  }

  // The memory of a trapped instance is in no known state: its elements are taken off, and the next one starts from a fresh instance.
  died(error) {
    if (this.dead) return;
    this.dead = true;
    for (const host of this.hosts) host.fail(error);
  }

  async revive() {
    if (!this.dead) return;
    (await this.glue)?.__wbg_reset_state();
    this.dead = false;
  }
}

// A module preload is the one way to hold a module against a hash that the page did not know when it was written.
function checked(url, integrity) {
  return new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'modulepreload', href: url, integrity });
    const refuse = () => { clearTimeout(late); link.remove(); reject(new Error(`${url}: missing or changed`)); };
    const late = setTimeout(refuse, PATIENCE_MS);
    link.onload = () => { clearTimeout(late); resolve(); };
    link.onerror = refuse;
    document.head.append(link);
  });
}

class Fragment extends HTMLElement {
  #handle; #root; #generation = 0;

  connectedCallback() { this.#start(); }

  disconnectedCallback() { queueMicrotask(() => { if (!this.isConnected) this.#stop(); }); }   // a move is not an end

  attributeChangedCallback() {
    if (this.#handle && !this.bundle.dead) this.#handle.update(this.#attributes());
  }

  #attributes() { return Object.fromEntries([...this.attributes].map(({ name, value }) => [name, value])); }

  async #start() {
    if (this.#root) return;
    const generation = ++this.#generation;
    this.setAttribute('aria-busy', 'true');
    try {
      await this.bundle.revive();
      const glue = await this.bundle.load();
      if (generation !== this.#generation || !this.isConnected) return;
      const root = document.createElement('div');        // one per mount: Yew's listeners on it go with it
      this.bundle.hosts.add(this);
      this.#handle = glue.mount(root, this, this.#attributes());
      this.#root = root;
      this.replaceChildren(root);                        // the skeleton stays until here
      this.#tell('fragment:ready', this.localName);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.bundle.died(error);
      this.fail(error);
    } finally {
      this.removeAttribute('aria-busy');
    }
  }

  #stop(orderly = true) {
    this.#generation++;
    this.bundle.hosts.delete(this);
    const handle = this.#handle;
    this.#handle = this.#root = undefined;
    if (orderly && handle && !this.bundle.dead) handle.unmount();
    this.replaceChildren();
  }

  fail(error) {
    this.#stop(false);
    const card = document.getElementById('fragment-error').content.cloneNode(true);
    card.querySelector('button').onclick = () => { this.replaceChildren(); this.#start(); };
    this.replaceChildren(card);
    this.#tell('fragment:error', { tag: this.localName, error: String(error) });
  }

  #tell(name, detail) { this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail })); }
}

// The header that the server wrote works without the shell, by whole pages. It comes back when the shell does not come or dies.
async function header(entry) {
  const root = document.getElementById('shell');
  const written = [...root.childNodes].map((node) => node.cloneNode(true));
  const bundle = new Bundle('shell', entry);
  bundles.set('shell', bundle);
  bundle.hosts.add({
    fail() {
      root.replaceChildren(...written);
      // Its listeners are still there, and must not catch another link.
      addEventListener('click', (event) => { if (event.target.closest?.('a[href]')) event.stopPropagation(); }, true);
      addEventListener('submit', (event) => event.stopPropagation(), true);
    },
  });
  const glue = await bundle.load();
  glue.mount(root, routes());
}

// [pattern, tag, page]: the shell learns at run time which fragments there are.
function routes() {
  return [...bundles].flatMap(([tag, { entry }]) => Object.entries(entry.routes).map(([pattern, page]) => [pattern, tag, page]));
}

// A Rust panic is a trap: an uncaught RuntimeError whose stack names the wasm file.
function trapped(error) {
  if (!(error instanceof Error) || !error.stack) return;
  for (const bundle of bundles.values()) {
    if (error.stack.includes(bundle.entry.wasm.url)) bundle.died(error);
  }
}
addEventListener('error', (event) => trapped(event.error));
addEventListener('unhandledrejection', (event) => trapped(event.reason));

export async function start(url) {
  source = url;
  const { shell, fragments } = await manifest();
  for (const [tag, entry] of Object.entries(fragments)) bundles.set(tag, new Bundle(tag, entry));
  // None where a fragment stands alone. Without it the page works, by whole pages.
  if (shell && document.getElementById('shell')) header(shell).catch(trapped);
  for (const [tag, bundle] of bundles) {
    if (tag === 'shell') continue;
    customElements.define(tag, class extends Fragment {
      static observedAttributes = bundle.entry.attributes;
      bundle = bundle;
    });
  }
}
