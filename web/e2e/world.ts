// The demo shop and the practice world beside it, joined as `make run` joins them (scripts/run.sh): phones and mailboxes
// of customers and approvers, in a page that people and tests use alike.
//
// `MUNSHI_OPSIM` names the practice world's program (default: beside the server's debug build).
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Locator, type Page } from "@playwright/test";
import { MUNSHI, Munshi, plainEnv, until } from "./server";

const OPSIM =
  process.env.MUNSHI_OPSIM ?? join(process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/munshi-target"), "debug/opsim");

/** The demo shop's approver in the practice world (`munshi practice`). */
export const APPROVER = "+923330000001";

/** A message as the practice world has it. */
export interface Message {
  id: string;
  phone: string;
  channel: string;
  inbound: boolean;
  text: string;
  status: string;
  template: boolean;
}

interface Mail {
  to: string[];
  subject: string;
  text: string;
}

interface View {
  messages: Message[];
  mails: Mail[];
  received: Received[];
}

interface Received {
  endpoint: string;
  id: string;
  accepted: boolean;
  body: string;
}

/** A server with the demo shop, and the practice world it is connected to. */
export class World {
  private constructor(
    readonly munshi: Munshi,
    readonly url: string,
    readonly child: ChildProcess,
    readonly state: string,
  ) {}

  static async start(wishes: Parameters<typeof Munshi.start>[0] = {}): Promise<World> {
    if (!existsSync(OPSIM)) throw new Error(`${OPSIM} is not there: build it, or name it in MUNSHI_OPSIM`);
    const state = mkdtempSync(join(tmpdir(), "munshi-world-"));
    const { child, url, mail } = await opsim(state);
    const munshi = await Munshi.start(wishes);
    // Connections are made while the server is down, and it has to know where the world reaches it.
    const own = await origin(munshi);
    await munshi.kill();
    mkdirSync(join(munshi.data, "config"), { recursive: true });
    writeFileSync(join(munshi.data, "config/local.toml"), `[connections]\npublic_url = "${own}"\n`);
    const args = ["--data", munshi.data, "practice", "--public", own, "--url", url, "--mail-port", mail];
    const hook = execFileSync(MUNSHI, args, { cwd: munshi.data, encoding: "utf8", env: plainEnv() }).trim();
    await munshi.up();
    const world = new World(munshi, url, child, state);
    await world.ctl("settings", { twilio_webhook: hook });
    // The shop's evening is no reason to wait for its morning.
    await munshi.rest("admin", "PATCH", "/settings", { messaging: { quiet_from_minute: 0, quiet_until_minute: 0 } });
    return world;
  }

  async stop(): Promise<void> {
    await this.munshi.stop();
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode === null && this.child.kill("SIGTERM")) await gone;
    rmSync(this.state, { recursive: true, force: true });
  }

  /** Moves the practice world. */
  async ctl(path: string, body: unknown, method = "POST"): Promise<void> {
    const answer = await fetch(`${this.url}/_ctl/${path}`, {
      method, headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }

  /** What went to and came from a phone. */
  async messages(phone: string): Promise<Message[]> {
    const view = await this.#view();
    return view.messages.filter((message) => message.phone === phone);
  }

  /** What a subscriber got, and whether it believed it. */
  async received(endpoint: string): Promise<Received[]> {
    return (await this.#view()).received.filter((one) => one.endpoint === endpoint);
  }

  async mails(to: string): Promise<Mail[]> {
    const view = await this.#view();
    return view.mails.filter((mail) => mail.to.some((one) => one.includes(to)));
  }

  /** Waits until a phone has got a message with these words. */
  async arrives(phone: string, words: string | RegExp): Promise<Message> {
    let found: Message | undefined;
    const fits = (text: string) => (typeof words === "string" ? text.includes(words) : words.test(text));
    await until(`${String(words)} at ${phone}`, async () => {
      found = (await this.messages(phone)).find((message) => !message.inbound && fits(message.text));
      return found !== undefined;
    });
    return found!;
  }

  /** The practice world's page, at one phone. */
  async page(browser: Browser, phone?: string): Promise<Page> {
    const context = await browser.newContext({ locale: "en-GB", timezoneId: "Asia/Karachi", viewport: { width: 1280, height: 860 } });
    const page = await context.newPage();
    await page.goto(this.url);
    if (phone) await this.pick(page, phone);
    return page;
  }

  /** Takes a phone in hand. */
  async pick(page: Page, phone: string): Promise<Locator> {
    await page.getByRole("button", { name: "Phones" }).click();
    const known = page.getByRole("complementary", { name: "Phones" }).getByRole("button", { name: phone });
    await expect(known).toBeVisible({ timeout: 60_000 });
    await known.click();
    const thread = this.thread(page, phone);
    await expect(thread).toBeVisible();
    return thread;
  }

  thread(page: Page, phone: string): Locator {
    return page.getByRole("region", { name: `Messages of ${phone}` });
  }

  /** Types on the phone in hand. */
  async says(page: Page, text: string): Promise<void> {
    await page.getByRole("textbox", { name: /Write as this phone/ }).fill(text);
    await page.getByRole("button", { name: "Send", exact: true }).click();
  }

  /** What the phone in hand got or wrote. */
  bubble(page: Page, words: string | RegExp): Locator {
    return page.locator(".msg").filter({ hasText: words });
  }

  async #view(): Promise<View> {
    const answer = await fetch(`${this.url}/_ctl/view`);
    if (!answer.ok) throw new Error(`the practice world answers ${answer.status}`);
    return (await answer.json()) as View;
  }
}

/** A customer of a test's own, placing an order. */
export interface Placed {
  id: string;
  number: string;
  phone: string;
  customer: string;
}

const NAMES = ["Sana Malik", "Bilal Ahmed", "Hina Tariq", "Usman Ghani", "Maryam Siddiqui", "Imran Baig", "Nadia Aslam", "Faisal Mirza"];
let people = 0;

/** Contacts nobody else in the shop has. */
export function somebody(): { name: string; phone: string; email: string } {
  const name = NAMES[people % NAMES.length]!;
  people += 1;
  return { name, phone: `+9230055${String(people).padStart(3, "0")}42`, email: `${name.split(" ")[0]!.toLowerCase()}.${people}@example.pk` };
}

/** Places an order of one line for a new customer. */
export async function placed(munshi: Munshi, sku: string, given: { quantity?: number; who?: ReturnType<typeof somebody>; warehouse?: string; payment?: string } = {}): Promise<Placed> {
  const who = given.who ?? somebody();
  const order = await munshi.rest<{ id: string; number: string; customer: { id: string } }>("service", "POST", "/orders", {
    customer: who, payment_method: given.payment ?? "cod", submit: true,
    shipping_address: { line1: "12-B, Gulberg III", city: "Lahore" },
    lines: [{ sku, quantity: given.quantity ?? 1, ...(given.warehouse && { warehouse: given.warehouse }) }],
  });
  return { id: order.id, number: order.number, phone: who.phone, customer: order.customer.id };
}

async function opsim(state: string): Promise<{ child: ChildProcess; url: string; mail: string }> {
  const child = spawn(OPSIM, ["--listen", "127.0.0.1:0", "--smtp", "127.0.0.1:0", "--state", join(state, "practice")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout!.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const where = () => /practice world: (http:\S+)\s+mail: smtp:\/\/127\.0\.0\.1:(\d+)/.exec(said);
  await until("the practice world", async () => {
    if (child.exitCode !== null) throw new Error(`the practice world ended: ${said}`);
    return where() !== null;
  });
  const [, url = "", mail = ""] = where()!;
  return { child, url, mail };
}

/** Where the server itself listens, which is not where browsers go if there is a front. */
async function origin(munshi: Munshi): Promise<string> {
  const port = /127\.0\.0\.1:(\d+)/.exec(munshi.log)?.[1];
  if (!port) throw new Error(`no address in the log:\n${munshi.log.slice(-500)}`);
  return `http://127.0.0.1:${port}`;
}
