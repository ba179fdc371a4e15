// The device's queue in IndexedDB.
//
// Invariants: each method is one transaction that asks for strict durability and answers after it completed; every
// writing transaction looks first whether this page still owns the store, so two open pages of one device never mix
// their numbers. Rows are found by key, never by number: numbers change. A PIN is never stored: a sign-on that a closed page
// left unanswered is sent without one, which the server puts aside unless it had decided it.
import type { CmdKey, CmdSeq } from "../wire/munshi-v1";
import type { DeviceCmd, Replacement } from "./queue";
import { type CommandStore, Fenced, type Loaded, type Parked } from "./store";

const QUEUE = "queue";
const PARKED = "parked";
const META = "meta";

/** The one row of `meta`. */
interface Meta {
  next: CmdSeq;
  owner: string;
}

/** Opens the store of this name, making it if it is not there. `owner` is this page's own name. */
export async function openStore(name: string, owner: string): Promise<IdbStore> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore(QUEUE, { keyPath: "key" });
    db.createObjectStore(PARKED, { keyPath: "cmd.key" });
    db.createObjectStore(META);
  };
  return new IdbStore(await done(request), owner);
}

/** See {@link openStore}. */
export class IdbStore implements CommandStore {
  constructor(
    readonly db: IDBDatabase,
    readonly owner: string,
  ) {}

  async load(): Promise<Loaded> {
    const tx = this.#begin("readwrite");
    const meta = (await done(tx.objectStore(META).get(META))) as Meta | undefined;
    const next = meta?.next ?? 1;
    tx.objectStore(META).put({ next, owner: this.owner } satisfies Meta, META);
    const queue = (await done(tx.objectStore(QUEUE).getAll())) as DeviceCmd[];
    const parked = (await done(tx.objectStore(PARKED).getAll())) as Parked[];
    await complete(tx);
    return { queue: queue.sort((a, b) => a.seq - b.seq), next, parked };
  }

  async append(cmd: DeviceCmd): Promise<void> {
    await this.#write((tx) => {
      tx.objectStore(QUEUE).add(withoutSecret(cmd));
      return cmd.seq + 1;
    });
  }

  async forget(keys: CmdKey[]): Promise<void> {
    await this.#write((tx) => {
      for (const key of keys) tx.objectStore(QUEUE).delete(key);
      return undefined;
    });
  }

  async replace({ queue, next, parked }: Replacement): Promise<void> {
    await this.#write((tx) => {
      const store = tx.objectStore(QUEUE);
      store.clear();
      for (const cmd of queue) store.put(withoutSecret(cmd));
      if (parked) tx.objectStore(PARKED).put({ ...parked, cmd: withoutSecret(parked.cmd) });
      return next;
    });
  }

  async dismiss(key: CmdKey): Promise<void> {
    await this.#write((tx) => {
      tx.objectStore(PARKED).delete(key);
      return undefined;
    });
  }

  /** Lets the database go; what was begun is finished. */
  close(): void {
    this.db.close();
  }

  #begin(mode: IDBTransactionMode): IDBTransaction {
    return this.db.transaction([QUEUE, PARKED, META], mode, { durability: "strict" });
  }

  /** Runs one writing transaction; `change` answers the next number, if it changes. */
  async #write(change: (tx: IDBTransaction) => CmdSeq | undefined): Promise<void> {
    const tx = this.#begin("readwrite");
    const end = complete(tx);
    // Awaited below: what fails in between must not be reported as unhandled.
    end.catch(() => undefined);
    const meta = (await done(tx.objectStore(META).get(META))) as Meta | undefined;
    if (meta?.owner !== this.owner) {
      tx.abort();
      await end.catch(() => undefined);
      throw new Fenced();
    }
    const next = change(tx);
    if (next !== undefined) tx.objectStore(META).put({ ...meta, next } satisfies Meta, META);
    await end;
  }
}

/** The command as it may be stored. */
export function withoutSecret(cmd: DeviceCmd): DeviceCmd {
  return cmd.op === "sign_on" ? { ...cmd, a: { ...(cmd.a as Record<string, unknown>), pin: "" } } : cmd;
}

/** Deletes a store with everything in it. */
export async function deleteStore(name: string): Promise<void> {
  await done(indexedDB.deleteDatabase(name));
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("storage failed"));
  });
}

function complete(tx: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = tx.onerror = () => reject(tx.error ?? new Error("storage failed"));
  });
}
