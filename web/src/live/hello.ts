// The first frame: who the client is, its pass, and as many subscriptions as one message of 4 KiB holds.
import type { ClientFrame, CmdSeq, HelloConsole, HelloDevice, Reading, Subscription, Token } from "../wire/munshi-v1";
import type { Config } from "./events";
import { bytes, encode } from "./frames";
import { PRE_AUTH_BYTES } from "./limits";
import type { Subs } from "./subs";

/** Marks the subscriptions it names as greeted; the others are asked for after `welcome`. */
export function hello(
  { identity, app }: Config,
  pass: { ticket: Token } | { token: Token | undefined },
  seq_next: CmdSeq,
  clock: Reading,
  subs: Subs,
): ClientFrame {
  const said = (subs: Subscription[]): ClientFrame => {
    if (identity.kind === "console") {
      const d: HelloConsole = { kind: "console", client: identity.client, app, caps: [], ...pass, subs };
      return { t: "hello", d };
    }
    const { device, install, gen } = identity;
    const d: HelloDevice = { kind: "device", client: device, install, gen, app, caps: ["batch"], ...pass, seq_next, clock, subs };
    return { t: "hello", d };
  };
  return said(subs.greet(PRE_AUTH_BYTES - bytes(encode(said([])))));
}
