/** The session for components. */
import { useSyncExternalStore } from "react";
import { type Me, type SessionState, snapshot, subscribe } from "@/api/session";

export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, snapshot);
}

const NOBODY: Me = { id: "", name: "", email: "", roles: [], permissions: [] };

/** Who is signed in, or was until the session ended. Inside the shell there always is somebody. */
export function useMe(): Me {
  const { user, was } = useSession();
  return user ?? was ?? NOBODY;
}

/** Whether the signed-in user may do something; what one may not do is not offered. */
export function useMay(): (permission: string) => boolean {
  const me = useMe();
  return (permission) => me.permissions.includes(permission);
}
