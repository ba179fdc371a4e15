// Joins the live connection to the browser's session: one connection per signed-in user, tokens from the session.
//
// Invariant: another user never sees what the last one's connection had; sign-out ends the connection at once.
import { Problem } from "../api/problem";
import { accessToken, replaceToken, subscribe, user } from "../api/session";
import { LiveConsole } from "./console";
import { socketUrl } from "./driver";
import { SignedOut, type TokenSource } from "./token";

const tokens: TokenSource = {
  async get(refused) {
    try {
      const token = await accessToken();
      return refused !== undefined && token === refused ? await replaceToken(refused) : token;
    } catch (error) {
      throw error instanceof Problem && error.code === "signed_out" ? new SignedOut() : error;
    }
  },
};

let live: { user: string; console: LiveConsole } | null = null;
const listeners = new Set<() => void>();

function follow(): void {
  const now = user()?.id ?? null;
  if (now === (live?.user ?? null)) return;
  live?.console.end();
  live = now === null ? null : { user: now, console: open() };
  for (const listener of listeners) listener();
}

function open(): LiveConsole {
  const defect = (what: string, topic: string) => console.warn(`munshi: ${what} in ${topic}`);
  return new LiveConsole({ url: socketUrl("/ws/console"), app: APP, tokens, defect });
}

/** Version of the program as `hello` names it. */
const APP = "0.1.0";

/** The signed-in user's connection, if anybody is signed in. For `useSyncExternalStore`, with {@link onLive}. */
export function currentLive(): LiveConsole | null {
  if (listeners.size === 0) follow();
  return live?.console ?? null;
}

/** Tells when the connection is another one. */
export function onLive(listener: () => void): () => void {
  if (listeners.size === 0) off = subscribe(follow);
  listeners.add(listener);
  follow();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) off();
  };
}

let off: () => void = () => undefined;
