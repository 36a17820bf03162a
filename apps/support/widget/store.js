// What outlives the page: the visitor's token, and messages that the server has not acknowledged.
class Store {
  constructor(prefix) {
    this.prefix = `${prefix}:`;
    this.memory = new Map();
  }

  // A browser may forbid storage, be full or, in an app, have none; then things live as long as the page.
  disk(use) {
    try {
      return use(localStorage);
    } catch {
      return null;
    }
  }

  get(key) {
    return this.disk((disk) => disk.getItem(this.prefix + key)) ?? this.memory.get(key) ?? null;
  }

  set(key, value) {
    this.memory.set(key, value);
    this.disk((disk) => disk.setItem(this.prefix + key, value));
  }

  remove(key) {
    this.memory.delete(key);
    this.disk((disk) => disk.removeItem(this.prefix + key));
  }

  keys() {
    const onDisk = this.disk((disk) => Object.keys(disk).filter((key) => key.startsWith(this.prefix))) ?? [];
    const names = onDisk.map((key) => key.slice(this.prefix.length));
    return [...new Set([...names, ...this.memory.keys()])];
  }

  clear() {
    this.keys().forEach((key) => this.remove(key));
  }
}

// One key a message, so that two tabs never overwrite each other's; both may send it, which makes it once.
class Outbox {
  constructor(store) {
    this.store = store;
  }

  add(body) {
    const at = new Date().toISOString();
    const clientId = at + Math.random(); // one of this visitor's; crypto.randomUUID is for pages over https alone
    const item = { clientId, body, at };
    this.store.set(`out:${clientId}`, JSON.stringify(item));
    return item;
  }

  waiting() {
    const keys = this.store.keys().filter((key) => key.startsWith("out:"));
    const items = keys.map((key) => JSON.parse(this.store.get(key))).filter(Boolean);
    return items.sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  settle(clientId) {
    this.store.remove(`out:${clientId}`);
  }
}
