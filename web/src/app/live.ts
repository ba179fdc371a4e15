/** The tab's live connection: begins with a session, ends with it. */
import { useEffect, useState } from "react";
import { accessToken, replaceToken } from "@/api/session";
import { Problem } from "@/api/problem";
import { LiveConsole } from "@/live/console";
import { SignedOut } from "@/live/token";
import { useMe } from "./session";

export const APP_VERSION = __APP_VERSION__;

async function token(refused: string | undefined): Promise<string> {
  try {
    return await (refused === undefined ? accessToken() : replaceToken(refused));
  } catch (error) {
    if (error instanceof Problem && error.code === "signed_out") throw new SignedOut();
    throw error;
  }
}

/** The connection of the user who is signed in now; another user gets another. */
export function useLiveConsole(): LiveConsole | null {
  const { id } = useMe();
  const [live, setLive] = useState<LiveConsole | null>(null);
  useEffect(() => {
    if (id === "") return;
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/console`;
    const made = new LiveConsole({ url, app: APP_VERSION, tokens: { get: token } });
    setLive(made);
    made.start();
    return () => {
      made.end();
      setLive(null);
    };
  }, [id]);
  return live;
}
