/** The session for components. */
import { useSyncExternalStore } from "react";
import { type Me, type SessionState, snapshot, subscribe } from "@/api/session";

export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, snapshot);
}

const NOBODY: Me = { id: "", name: "", email: "", roles: [], permissions: [] };

/** Who is signed in. Inside the shell there always is somebody. */
export function useMe(): Me {
  return useSession().user ?? NOBODY;
}

/** Whether the signed-in user may do something; what one may not do is not offered. */
export function useMay(): (permission: string) => boolean {
  const me = useMe();
  return (permission) => me.permissions.includes(permission);
}
