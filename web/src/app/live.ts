/** The tab's live connection: begins with a session, ends with it. */
import { useEffect, useState } from "react";
import { accessToken, replaceToken } from "@/api/session";
import { Problem } from "@/api/problem";
import { LiveConsole } from "@/live/console";
import { SignedOut } from "@/live/token";
import { queryClient } from "./query";
import { useSession } from "./session";

export const APP_VERSION = __APP_VERSION__;

async function token(refused: string | undefined): Promise<string> {
  try {
    return await (refused === undefined ? accessToken() : replaceToken(refused));
  } catch (error) {
    if (error instanceof Problem && error.code === "signed_out") throw new SignedOut();
    throw error;
  }
}

/** What one may do is asked for again. */
function rolesChanged(): void {
  void queryClient.invalidateQueries({ queryKey: ["/api/v1/auth/me"] });
}

/** The connection of the user who is signed in now; another user gets another, and so does one with other roles: topics
 * that were refused are asked for again. */
export function useLiveConsole(): LiveConsole | null {
  const { user } = useSession();
  const id = user?.id ?? "";
  const roles = user?.roles.join(" ") ?? "";
  const [live, setLive] = useState<LiveConsole | null>(null);
  useEffect(() => {
    if (id === "") return;
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/console`;
    const made = new LiveConsole({ url, app: APP_VERSION, tokens: { get: token }, rolesChanged });
    setLive(made);
    made.start();
    return () => {
      made.end();
      setLive(null);
    };
  }, [id, roles]);
  return live;
}
